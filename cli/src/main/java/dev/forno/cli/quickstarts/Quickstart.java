package dev.forno.cli.quickstarts;

import dev.forno.cli.commands.Command;
import dev.forno.cli.commands.Failure;
import dev.forno.cli.commands.Session;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.http.Endpoint;
import dev.forno.http.client.ClientRequest;
import dev.forno.http.client.ClientResponse;
import dev.forno.http.client.HttpClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code quickstart}: from nothing to a page served by a container, saying what it does. A second run works as well. */
public final class Quickstart {
    private static final String NAME = "forno-quickstart";
    private static final String VOLUME = "forno-quickstart-logs";
    private static final int STEPS = 5;
    private static final int TRIES = 100;
    private static final int BODY_LIMIT = 1 << 20;

    private final Session session;
    private final CommandLine commands;
    private final Path home;
    private final PrintStream out;

    private Quickstart(Session session, CommandLine commands, Path home) {
        this.session = session;
        this.commands = commands;
        this.home = home;
        this.out = session.out();
    }

    /**
     * The command.
     *
     * @param commands runs this program's other commands
     * @param home the folder of the source tree, with the examples
     */
    public static Command command(CommandLine commands, Path home) {
        return new Command(
                "[OPTIONS]",
                "Build and run a first web server, step by step",
                0,
                0,
                """
                --port int | Port of this machine that the page is served at (default 8080)
                -y, --yes | Install missing system packages
                """,
                (session, arguments) -> new Quickstart(session, commands, home).run(arguments));
    }

    private int run(Arguments arguments) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new Failure(1, "quickstart makes containers and networks and needs root: sudo ./forno quickstart");
        }
        long port = arguments.number("port", 8080);
        if (port < 1 || port > 65535) {
            throw arguments.invalid("port", "" + port, "a port is between 1 and 65535");
        }
        Path example = home.resolve("examples/nginx");
        if (!Files.isRegularFile(example.resolve("Dockerfile"))) {
            throw new Failure(1, "quickstart builds " + example + ", which is not there: run it from a clone of Forno");
        }
        SystemPackages packages = new SystemPackages(out, arguments.is("yes"));
        step(1, "System packages");
        packages.require(SystemPackages.missingForEngine(), "the engine starts containers with them");
        out.println("  everything the engine needs is installed");
        train();
        step(2, "Engine");
        out.println("  Forno " + session.engine().get("/info").text("ServerVersion") + " answers at "
                + session.engine().address());
        step(3, "Base image " + BaseImage.NAME);
        String origin = new BaseImage(session, commands, packages).obtain();
        out.println("  " + BaseImage.NAME + " " + origin);
        step(4, "Build " + NAME + " from examples/nginx");
        commands.require(List.of("build", "-t", NAME, example.toString()));
        step(5, "Run it on port " + port);
        serve(port);
        String page = fetch(port);
        if (!page.equals(Files.readString(example.resolve("index.html")))) {
            throw new Failure(
                    1,
                    "http://127.0.0.1:" + port + "/ answers, but not with the example's page: "
                            + "is another server on that port? Try: ./forno quickstart --port 8081");
        }
        summary(port, origin);
        return 0;
    }

    // the launcher records what makes the engine start faster, unless it could do that when it built Forno
    private void train() throws IOException, InterruptedException {
        out.flush();
        Path launcher = home.resolve("forno");
        if (Files.isExecutable(launcher)) {
            new ProcessBuilder(launcher.toString(), "engine", "train")
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    private void step(int number, String what) {
        out.println("\n[" + number + "/" + STEPS + "] " + what);
        out.flush();
    }

    private void serve(long port) throws IOException {
        // the container of an earlier quickstart gives way to the new one
        Json earlier = session.engine()
                .get("/containers/json?all=1&filters=%7B%22name%22%3A%5B%22%5E%2F" + NAME + "%24%22%5D%7D");
        for (Json container : earlier.elements()) {
            session.engine().delete("/containers/" + container.text("Id") + "?force=1");
            out.println("  removed the container of an earlier quickstart");
        }
        commands.require(
                List.of("run", "-d", "--name", NAME, "-p", port + ":80", "-v", VOLUME + ":/var/log/nginx", NAME));
    }

    private String fetch(long port) throws IOException, InterruptedException {
        HttpClient client = new HttpClient(new Endpoint.Tcp("127.0.0.1", (int) port));
        IOException last = new IOException("no answer");
        for (int i = 0; i < TRIES; i++) {
            try (ClientResponse response = client.send(ClientRequest.get("/"))) {
                if (response.status() == 200) {
                    return new String(response.bytes(BODY_LIMIT), StandardCharsets.UTF_8);
                }
                last = new IOException("status " + response.status());
            } catch (IOException e) {
                last = e;
            }
            if (!running()) {
                break;
            }
            // the server needs a moment to listen
            Thread.sleep(100);
        }
        commands.run(List.of("logs", "--tail", "20", NAME));
        throw new Failure(
                1,
                "the page at http://127.0.0.1:" + port + "/ could not be fetched (" + last.getMessage()
                        + "); the container's log is above");
    }

    private boolean running() throws IOException {
        return session.engine().get("/containers/" + NAME + "/json").is("State", "Running");
    }

    private void summary(long port, String origin) {
        out.println("""

                Done. The page was fetched through the published port.

                What happened:
                  - The base image %s %s.
                  - The image %s was built from examples/nginx: Debian with nginx and one page.
                  - The container %s runs it. Port %d of this machine leads to its port 80;
                    its logs are in the volume %s, and stay when the container goes.

                Look at it:
                  curl http://127.0.0.1:%d/
                  ./forno ps
                  ./forno logs -f %s
                  ./forno exec -it %s bash

                Stop it:
                  ./forno rm -f %s                (the container)
                  ./forno volume rm %s       (its logs)
                  ./forno engine stop                          (the engine; running containers go on)
                """.formatted(BaseImage.NAME, origin, NAME, NAME, port, VOLUME, port, NAME, NAME, NAME, VOLUME));
    }
}

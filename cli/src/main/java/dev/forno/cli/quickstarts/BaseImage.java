package dev.forno.cli.quickstarts;

import dev.forno.cli.calls.EngineException;
import dev.forno.cli.commands.Failure;
import dev.forno.cli.commands.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Gets {@code debian:bookworm}: kept already, from Docker Hub, or made from the Debian mirror. */
final class BaseImage {
    static final String NAME = "debian:bookworm";
    private static final int PATIENCE_MILLISECONDS = 1500;

    private final Session session;
    private final CommandLine commands;
    private final SystemPackages packages;

    BaseImage(Session session, CommandLine commands, SystemPackages packages) {
        this.session = session;
        this.commands = commands;
        this.packages = packages;
    }

    /** Makes sure of the image and says how, in a few words. */
    String obtain() throws IOException, InterruptedException {
        if (exists()) {
            return "was already here";
        }
        if (hubAnswers()) {
            session.out().println("  Docker Hub answers: pulling " + NAME);
            session.out().flush();
            if (commands.run(List.of("pull", NAME)) == 0) {
                return "was pulled from Docker Hub";
            }
            session.out().println("  the pull failed: making the image from the Debian mirror instead");
        } else {
            session.out()
                    .println("  Docker Hub does not answer: making the image from the Debian mirror (a minute or two)");
        }
        session.out().flush();
        if (!SystemPackages.has("mmdebstrap")) {
            packages.require(List.of("mmdebstrap"), "makes a Debian base image where Docker Hub cannot be reached");
        }
        make();
        return "was made from the Debian mirror with mmdebstrap";
    }

    private boolean exists() throws IOException {
        try {
            session.engine().get("/images/" + NAME + "/json");
            return true;
        } catch (EngineException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
    }

    private static boolean hubAnswers() {
        try {
            for (InetAddress address : InetAddress.getAllByName("registry-1.docker.io")) {
                if (connects(address)) {
                    return true;
                }
            }
        } catch (UnknownHostException e) {
            return false;
        }
        return false;
    }

    private static boolean connects(InetAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 443), PATIENCE_MILLISECONDS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // a file between the two programs: a half-made archive must not become an image
    private void make() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("forno-quickstart");
        Path archive = directory.resolve("debian.tar");
        try {
            int code = new ProcessBuilder("mmdebstrap", "--variant=minbase", "bookworm", archive.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new Failure(
                        1,
                        "mmdebstrap failed with code " + code
                                + "; its messages are above. Is the Debian mirror reachable from this machine?");
            }
            session.out().println("  importing it as " + NAME);
            session.out().flush();
            commands.require(List.of("import", "-c", "CMD [\"bash\"]", archive.toString(), NAME));
        } finally {
            Files.deleteIfExists(archive);
            Files.deleteIfExists(directory);
        }
    }
}

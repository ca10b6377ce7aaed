package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A day's work: build, push, pull, run, change, stop, remove. */
class FlowTest extends EndToEnd {
    private static final Path EXAMPLE = Repository.root().resolve("examples/nginx");

    @Test
    void buildPushPullRunChangeStopRemove() throws IOException {
        BaseImages.debian(docker);
        try (Registry registry = Registry.start()) {
            String name = registry.address() + "/minha-imagem";
            docker.command("build", "-t", "minha-imagem", EXAMPLE.toString())
                    .timeout(600)
                    .run()
                    .ok();
            docker.text("tag", "minha-imagem", name);
            docker.text("push", name);
            String id = docker.inspect("minha-imagem", "{{.Id}}");
            docker.text("rmi", name, "minha-imagem");

            int port = Host.freePort();
            String web = docker.text("run", "-d", "-p", port + ":80", name);
            String page = Files.readString(EXAMPLE.resolve("index.html"));
            assertEquals(page, Host.page("http://127.0.0.1:" + port + "/"));
            assertEquals(id, docker.inspect(name, "{{.Id}}"));

            docker.text("exec", web, "sh", "-c", "echo changed > /var/www/html/index.html");
            assertEquals("changed\n", Host.page("http://127.0.0.1:" + port + "/"));
            assertTrue(docker.text("diff", web).contains("C /var/www/html/index.html"));
            assertTrue(docker.text("top", web).contains("nginx: master process"));
            assertEquals(id, docker.inspect(name, "{{.Id}}"));
            docker.text("stop", web);
            assertEquals("0", docker.inspect(web, "{{.State.ExitCode}}"));
            docker.text("rm", web);

            String again = docker.text("run", "-d", "-p", port + ":80", name);
            assertEquals(page, Host.page("http://127.0.0.1:" + port + "/"));
            docker.text("rm", "-f", again);
            docker.text("rmi", name);
        }
    }

    @Test
    void threeContainersOfOneImageAreIsolated() {
        for (String number : new String[] {"1", "2", "3"}) {
            docker.text(
                    "run",
                    "-d",
                    "--name",
                    "isolated" + number,
                    BUSYBOX,
                    "sh",
                    "-c",
                    "echo " + number + " > /own; exec sleep 60" + number);
        }
        for (String number : new String[] {"1", "2", "3"}) {
            String name = "isolated" + number;
            Host.eventually("the file of " + name, () -> {
                assertEquals(number, docker.run("exec", name, "cat", "/own").text());
                return name;
            });
            String processes = docker.text("exec", name, "ps");
            assertTrue(processes.contains("sleep 60" + number), processes);
            assertEquals(
                    1,
                    processes.lines().filter(line -> line.contains("sleep 60")).count(),
                    processes);
        }
        assertFalse(docker.inspect("isolated1", "{{.NetworkSettings.Networks.bridge.IPAddress}}")
                .equals(docker.inspect("isolated2", "{{.NetworkSettings.Networks.bridge.IPAddress}}")));
    }
}

package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The engine may die; containers don't notice. */
@DisabledIfEnvironmentVariable(named = "E2E_DOCKER_HOST", matches = ".+", disabledReason = "kills the engine")
class SurvivalTest {
    private Engine engine;
    private Docker docker;

    @BeforeEach
    void start() {
        engine = Engine.start();
        docker = engine.docker();
        BaseImages.busybox(docker);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void containersOutliveTheEngineAndAreAdopted() {
        int port = Host.freePort();
        String web = docker.text(
                "run",
                "-d",
                "-p",
                port + ":80",
                "busybox",
                "sh",
                "-c",
                "mkdir /www; echo alive > /www/index.html; echo started; exec httpd -f -p 80 -h /www");
        String ending = docker.text(
                "run",
                "-d",
                "busybox",
                "sh",
                "-c",
                "echo before; while [ ! -e /end ]; do sleep 0.05; done; echo after; exit 23");
        String removed =
                docker.text("run", "-d", "--rm", "busybox", "sh", "-c", "while [ ! -e /end ]; do sleep 0.05; done");
        assertEquals("alive\n", Host.page("http://127.0.0.1:" + port + "/"));
        String pid = docker.inspect(web, "{{.State.Pid}}");
        for (String id : new String[] {ending, removed}) {
            docker.text("exec", "-d", id, "sh", "-c", "sleep 1; touch /end");
        }
        engine.kill();
        assertEquals("alive\n", Host.page("http://127.0.0.1:" + port + "/"));
        Command.of("sleep", "1.5").run();
        engine.begin();
        assertEquals("running " + pid, docker.inspect(web, "{{.State.Status}} {{.State.Pid}}"));
        assertEquals("started", docker.text("logs", web));
        assertEquals("ok", docker.text("exec", web, "echo", "ok"));
        assertEquals("23", docker.text("wait", ending));
        assertEquals("before\nafter\n", docker.run("logs", ending).ok().out());
        Host.eventually("removal of the --rm container", () -> {
            assertEquals(1, docker.run("inspect", removed).exit());
            return removed;
        });
        Command.Result taken =
                docker.run("run", "--rm", "-p", port + ":80", "busybox", "true").exits(125);
        assertTrue(taken.err().contains("port is already allocated"), taken.err());
        engine.stop();
        assertEquals("alive\n", Host.page("http://127.0.0.1:" + port + "/"));
        engine.begin();
        docker.text("stop", "-t", "1", web);
        docker.text("rm", web, ending);
        engine.assertNothingLeft();
    }

    @Test
    void killingTheEngineAtAnyMomentLosesNothing() {
        Random random = new Random(20_260_101);
        String kept = docker.text(
                "run",
                "-d",
                "--name",
                "kept",
                "-v",
                "kept:/data",
                "busybox",
                "sh",
                "-c",
                "echo data > /data/x; exec sleep 600");
        for (int round = 0; round < 8; round++) {
            String name = "round" + round;
            Thread client = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 4; i++) {
                    docker.run("run", "--name", name + "-" + i, "-v", name + "-" + i + ":/v", "busybox", "echo", name);
                    docker.command("build", "-q", "-t", name, "-")
                            .input("FROM busybox\nRUN echo " + name + "-" + i + " > /f\n")
                            .run();
                    docker.run("rm", "-v", name + "-" + i);
                }
            });
            Command.of("sleep", Double.toString(random.nextDouble(0.05, 1.2))).run();
            engine.kill();
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            engine.begin();
            assertEquals("data", docker.text("exec", "kept", "cat", "/data/x"), "round " + round);
            assertEquals("again", docker.text("run", "--rm", "busybox", "echo", "again"), "round " + round);
        }
        assertEquals("running", docker.inspect(kept, "{{.State.Status}}"));
        for (String id : docker.run("ps", "-aq").ok().lines()) {
            docker.text("rm", "-f", "-v", id);
        }
        engine.assertNothingLeft();
    }

    @Test
    void secondEngineOnTheSameStateIsRefused() {
        Command.Result result = Command.of(
                        Repository.root().resolve("forno").toString(),
                        "engine",
                        "--socket",
                        engine.folder().resolve("run/second.sock").toString(),
                        "--state",
                        engine.folder().resolve("state").toString(),
                        "--run",
                        engine.folder().resolve("run").toString())
                .with("FORNO_BUILD", "never")
                .timeout(30)
                .run();
        assertEquals(1, result.exit());
        assertTrue(result.err().contains("uses it"), result.err());
        assertEquals("still", docker.text("run", "--rm", "busybox", "echo", "still"));
    }
}

package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The registry that an engine serves of its own content. */
class EngineRegistryTest {
    private static Set<Path> blobs(Engine engine) throws IOException {
        try (Stream<Path> files = Files.list(engine.folder().resolve("state/store/content/blobs/sha256"))) {
            return files.map(Path::getFileName).collect(Collectors.toSet());
        }
    }

    @Test
    void whatTheEngineHasIsServedWithoutACopy() throws Exception {
        String address = "127.0.0.1:" + Host.freePort();
        try (Engine engine = Engine.start(List.of("--registry-listen", address))) {
            Docker docker = engine.docker();
            BaseImages.busybox(docker);
            String name = address + "/team/busybox:1";
            docker.text("tag", EndToEnd.BUSYBOX, name);
            docker.text("push", name);
            String pushed = docker.text("inspect", "-f", "{{index .RepoDigests 0}}", name);
            assertTrue(pushed.startsWith(address + "/team/busybox@sha256:"), pushed);
            Set<Path> before = blobs(engine);
            docker.text("push", name);
            assertEquals(before, blobs(engine));
            // what was pushed stays when the engine's own images go, and over a restart
            docker.text("rmi", name, EndToEnd.BUSYBOX);
            docker.text("system", "prune", "-a", "-f");
            engine.kill();
            engine.begin();
            docker.text("pull", name);
            assertEquals("here", docker.text("run", "--rm", name, "echo", "here"));
            docker.text("rmi", name);
        }
    }

    @Test
    void strangersDoNotGetTheEnginesBlobsByTheirDigests() throws Exception {
        String address = "127.0.0.1:" + Host.freePort();
        try (Engine engine = Engine.start(List.of("--registry-listen", address))) {
            BaseImages.busybox(engine.docker());
            for (Path blob : blobs(engine)) {
                String digest = "sha256:" + blob;
                String mount = "http://" + address + "/v2/stranger/blobs/uploads/?mount=" + digest;
                Command.Result begun = Command.of(
                                "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", mount)
                        .run()
                        .ok();
                assertEquals("202", begun.text());
                assertFalse(Command.of("curl", "-sf", "http://" + address + "/v2/stranger/blobs/" + digest)
                                .run()
                                .exit()
                        == 0);
            }
        }
    }
}

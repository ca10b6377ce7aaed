package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bind mounts, named and anonymous volumes, tmpfs. */
class VolumeTest extends EndToEnd {
    @Test
    void bindMountsKeepTheirData() throws IOException {
        Path data = folder.resolve("data");
        docker.run("run", "--rm", "-v", data + ":/app", BUSYBOX, "sh", "-c", "echo one > /app/file")
                .ok();
        assertEquals("one\n", Files.readString(data.resolve("file")));
        docker.run("run", "--rm", "-v", data + ":/app:ro", BUSYBOX, "sh", "-c", "echo two > /app/file")
                .exits(1);
        assertEquals(
                "one",
                docker.text(
                        "run",
                        "--rm",
                        "--mount",
                        "type=bind,src=" + data + ",dst=/m,readonly",
                        BUSYBOX,
                        "cat",
                        "/m/file"));
    }

    @Test
    void mountRefusesAMissingSource() {
        Command.Result result = docker.run(
                "run", "--rm", "--mount", "type=bind,src=" + folder.resolve("missing") + ",dst=/m", BUSYBOX, "true");
        assertEquals(125, result.exit());
        assertTrue(result.err().contains("bind source path does not exist"), result.err());
    }

    @Test
    void namedVolumesOutliveContainers() {
        docker.text("run", "--rm", "-v", "kept:/data", BUSYBOX, "sh", "-c", "echo 1 > /data/x");
        assertEquals("1", docker.text("run", "--rm", "--mount", "src=kept,dst=/d", BUSYBOX, "cat", "/d/x"));
        assertEquals(List.of("kept"), docker.run("volume", "ls", "-q").ok().lines());
        String id = docker.text("create", "-v", "kept:/d", BUSYBOX);
        Command.Result result = docker.run("volume", "rm", "kept").exits(1);
        assertTrue(result.err().contains("volume is in use - [" + id + "]"), result.err());
        assertEquals(
                "volume kept /d", docker.inspect(id, "{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}}{{end}}"));
        docker.text("rm", id);
        docker.text("volume", "rm", "kept");
        assertTrue(docker.run("volume", "inspect", "kept").exits(1).err().contains("no such volume"));
    }

    @Test
    void aNewVolumeStartsWithTheImagesContent() {
        assertTrue(docker.text("run", "--rm", "-v", "copied:/etc", BUSYBOX, "cat", "/etc/passwd")
                .contains("worker"));
        assertTrue(docker.text("run", "--rm", "-v", "copied:/elsewhere", BUSYBOX, "ls", "/elsewhere")
                .contains("passwd"));
        assertFalse(docker.text("run", "--rm", "-v", "empty:/etc:nocopy", BUSYBOX, "ls", "/etc")
                .contains("passwd"));
    }

    @Test
    void volumesFromSharesThem() {
        String id = docker.text("create", "-v", "/shared", BUSYBOX, "sh", "-c", "echo s > /shared/s");
        docker.text("start", "-a", id);
        assertEquals("s", docker.text("run", "--rm", "--volumes-from", id, BUSYBOX, "cat", "/shared/s"));
    }

    @Test
    void anonymousVolumesGoWithTheContainer() {
        docker.text("run", "--rm", "-v", "/anonymous", BUSYBOX, "true");
        Host.eventually("removal of the anonymous volume", () -> {
            assertEquals(List.of(), docker.run("volume", "ls", "-q").ok().lines());
            return docker;
        });
        String id = docker.text("create", "-v", "/anonymous", BUSYBOX);
        assertEquals(1, docker.run("volume", "ls", "-q").ok().lines().size());
        docker.text("rm", "-v", id);
        assertEquals(List.of(), docker.run("volume", "ls", "-q").ok().lines());
    }

    @Test
    void labelsFiltersAndPrune() {
        docker.text("volume", "create", "--label", "a=1", "labelled");
        docker.text("volume", "create", "plain");
        assertEquals(
                List.of("labelled"),
                docker.run("volume", "ls", "-q", "--filter", "label=a=1").ok().lines());
        assertEquals("1", docker.inspect("labelled", "{{.Labels.a}}"));
        if (target.isForno()) {
            docker.text("volume", "prune", "-f"); // named volumes stay, since API 1.42
            assertEquals(2, docker.run("volume", "ls", "-q").ok().lines().size());
            docker.text("volume", "prune", "-a", "-f");
        } else {
            docker.text("volume", "prune", "-f");
        }
        assertEquals(List.of(), docker.run("volume", "ls", "-q").ok().lines());
    }
}

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

    /** Not beneath what is mounted, where nobody would find it. */
    @Test
    void copiesToStoppedContainersReachWhatIsMounted() throws IOException {
        Path bound = Files.createDirectories(folder.resolve("bound"));
        Path tree = Files.createDirectories(folder.resolve("tree/volume/bind"));
        Files.writeString(tree.resolve("file"), "in the bind\n");
        Files.writeString(tree.resolveSibling("file"), "in the volume\n");
        Files.writeString(folder.resolve("tree/file"), "beside\n");
        String script =
                "cat /top/file /top/volume/file /top/volume/bind/file; ln -sf /top/volume /link; ls -A /top/memory";
        String id = docker.text(
                "create",
                "-v",
                "copied-to:/top/volume",
                "-v",
                bound + ":/top/volume/bind",
                "--tmpfs",
                "/top/memory",
                BUSYBOX,
                "sh",
                "-c",
                script);
        docker.text("cp", folder.resolve("tree") + "/.", id + ":/top");
        assertEquals("in the bind\n", Files.readString(bound.resolve("file")));
        assertEquals("beside\nin the volume\nin the bind", docker.text("start", "-a", id));
        // Through a link too, and out again.
        docker.text("cp", folder.resolve("tree/file").toString(), id + ":/link/linked");
        assertEquals("beside", docker.text("run", "--rm", "-v", "copied-to:/v", BUSYBOX, "cat", "/v/linked"));
        Path out = folder.resolve("out");
        docker.text("cp", id + ":/top", out.toString());
        assertEquals("in the volume\n", Files.readString(out.resolve("volume/file")));
        assertEquals("in the bind\n", Files.readString(out.resolve("volume/bind/file")));
        Path tar = folder.resolve("export.tar");
        docker.text("export", "-o", tar.toString(), id);
        String exported = Command.of("tar", "-tf", tar.toString()).run().ok().text();
        assertTrue(exported.contains("top/file"), exported);
        assertFalse(exported.contains("top/volume/file"), exported);
    }

    @Test
    void copiesToStoppedContainersSpareWhatIsReadOnly() throws IOException {
        Path bound = Files.createDirectories(folder.resolve("bound"));
        Path tree = Files.createDirectories(folder.resolve("tree/bind"));
        Files.writeString(tree.resolve("file"), "text");
        String id = docker.text("create", "-v", bound + ":/top/bind:ro", BUSYBOX, "true");
        docker.run("cp", folder.resolve("tree") + "/.", id + ":/top").exits(1);
        Command.Result direct = docker.run("cp", tree.resolve("file").toString(), id + ":/top/bind")
                .exits(1);
        assertTrue(direct.err().contains("mounted volume is marked read-only"), direct.err());
        assertTrue(Files.deleteIfExists(bound), "nothing is in it");
    }

    /** What counts is where a path leads, not what it looks like. */
    @Test
    void copiesDontFollowLinksIntoAReadOnlyRoot() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        String links = "ln -s /etc /data/out; ln -s /data /root/in; mkdir /data/inside";
        docker.text("run", "--name", "maker", "-v", "linked:/data", BUSYBOX, "sh", "-c", links);
        String image = docker.text("commit", "maker");
        docker.text("rm", "maker");
        String id = docker.text("create", "--read-only", "-v", "linked:/data", image, "ls", "/data/inside");
        for (String into : List.of("/data/out/", "/etc/")) {
            Command.Result refused =
                    docker.run("cp", file.toString(), id + ":" + into).exits(1);
            assertTrue(refused.err().contains("container rootfs is marked read-only"), refused.err());
        }
        docker.text("cp", file.toString(), id + ":/root/in/inside/");
        assertEquals("file", docker.text("start", "-a", id));
        docker.text("rm", id);
        docker.text("rmi", image);
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

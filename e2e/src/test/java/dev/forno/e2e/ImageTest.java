package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images, archives and a real registry on loopback. */
class ImageTest extends EndToEnd {
    @Test
    void pushPullDigestForDigest() {
        try (Registry registry = Registry.start()) {
            String name = registry.address() + "/team/busybox:1";
            docker.text("tag", BUSYBOX, name);
            String pushed = docker.text("push", name);
            assertTrue(pushed.contains("digest: sha256:"), pushed);
            String id = docker.inspect(name, "{{.Id}}");
            String repoDigest = docker.inspect(name, "{{index .RepoDigests 0}}");
            docker.text("rmi", name);
            assertTrue(docker.run("pull", "--quiet", name).ok().text().endsWith(name));
            assertEquals(id, docker.inspect(name, "{{.Id}}"));
            assertEquals(repoDigest, docker.inspect(name, "{{index .RepoDigests 0}}"));
            docker.text("rmi", name);
            assertEquals("pulled", docker.text("run", "--rm", "-q", repoDigest, "echo", "pulled"));
            docker.text("rmi", "-f", repoDigest);
            Command.Result missing =
                    docker.run("pull", registry.address() + "/team/none:1").exits(1);
            assertTrue(
                    missing.err().contains("manifest for " + registry.address() + "/team/none:1 not found"),
                    missing.err());
        }
    }

    @Test
    void loginIsChecked() {
        try (Registry registry = Registry.startWithPassword("baker", "secret")) {
            String name = registry.address() + "/private:1";
            docker.text("tag", BUSYBOX, name);
            docker.run("push", name).exits(1);
            assertEquals(
                    1,
                    docker.command("login", "-u", "baker", "--password-stdin", registry.address())
                            .input("wrong")
                            .run()
                            .exit());
            docker.command("login", "-u", "baker", "--password-stdin", registry.address())
                    .input("secret")
                    .run()
                    .ok();
            docker.text("push", name);
            docker.text("rmi", name);
            docker.text("pull", name);
            docker.text("logout", registry.address());
            docker.text("rmi", name);
            docker.run("pull", name).exits(1);
        }
    }

    @Test
    void saveAndLoad() {
        Path archive = folder.resolve("images.tar");
        docker.text("tag", BUSYBOX, "saved:1");
        docker.text("save", "-o", archive.toString(), "saved:1", BUSYBOX);
        String id = docker.inspect("saved:1", "{{.Id}}");
        docker.text("rmi", "saved:1");
        assertTrue(docker.text("load", "-i", archive.toString()).contains("Loaded image: saved:1"));
        assertEquals(id, docker.inspect("saved:1", "{{.Id}}"));
        docker.text("rmi", "saved:1");
    }

    @Test
    void importWithChanges() {
        String id = docker.text("create", BUSYBOX);
        Path tar = folder.resolve("root.tar");
        docker.text("export", "-o", tar.toString(), id);
        docker.text(
                "import",
                "-c",
                "CMD [\"echo\", \"imported\"]",
                "-c",
                "ENV X=1",
                "-m",
                "a note",
                tar.toString(),
                "imported:1");
        assertEquals("imported", docker.text("run", "--rm", "imported:1"));
        assertTrue(docker.text("history", "imported:1").contains("a note"));
        docker.text("rmi", "imported:1");
    }

    @Test
    void tagsListsAndRemoval() {
        docker.text("tag", BUSYBOX, "listed:a");
        docker.text("tag", BUSYBOX, "listed:b");
        assertEquals(
                List.of("listed:a", "listed:b"),
                docker.run("images", "--format", "{{.Repository}}:{{.Tag}}", "listed").ok().lines().stream()
                        .sorted()
                        .toList());
        assertTrue(docker.text("rmi", "listed:a").contains("Untagged: listed:a"));
        String id = docker.text("create", "listed:b");
        docker.text("rmi", "listed:b");
        Command.Result used = docker.run("rmi", docker.inspect(BUSYBOX, "{{.Id}}"));
        assertEquals(1, used.exit());
        assertTrue(used.err().contains("conflict: unable to"), used.err());
        docker.text("rm", id);
        assertTrue(docker.run("rmi", "never-was:1").exits(1).err().contains("No such image: never-was:1"));
        assertTrue(docker.run("tag", "never-was:1", "x:1").exits(1).err().contains("No such image: never-was:1"));
    }

    @Test
    void danglingImagesArePruned() {
        String first = docker.command("build", "-q", "-t", "prunable:1", "-")
                .input("FROM busybox:latest\nLABEL a=1\n")
                .run()
                .ok()
                .text();
        docker.command("build", "-q", "-t", "prunable:1", "-")
                .input("FROM busybox:latest\nLABEL a=2\n")
                .run()
                .ok();
        assertTrue(docker.text("images", "-q", "--no-trunc", "--filter", "dangling=true")
                .contains(first));
        docker.text("image", "prune", "-f");
        assertFalse(docker.text("images", "-q", "--no-trunc", "-a").contains(first));
        docker.text("rmi", "prunable:1");
    }

    @Test
    void engineTellsOfItself() {
        assertTrue(docker.text("version", "--format", "{{.Server.APIVersion}}").matches("1\\.\\d+"));
        assertEquals("linux", docker.text("info", "--format", "{{.OSType}}"));
        assertTrue(docker.text("system", "df").contains("Images"));
    }
}

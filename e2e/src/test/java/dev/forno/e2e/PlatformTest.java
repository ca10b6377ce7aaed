package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images for several platforms, with the clients that make and read indexes themselves. */
class PlatformTest extends EndToEnd {
    /** An image for a platform at a registry. */
    private void published(String name, String platform) {
        String id = docker.text("create", BUSYBOX);
        Path tar = folder.resolve("root.tar");
        docker.text("export", "-o", tar.toString(), id);
        docker.text("import", "--platform", platform, "-c", "CMD [\"uname\"]", tar.toString(), name);
        docker.text("push", name);
        docker.text("rmi", name);
        docker.text("rm", id);
    }

    private String architecture(String name, String platform) {
        return docker.text("image", "inspect", "--platform", platform, "-f", "{{.Architecture}}", name);
    }

    private void manifest(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "manifest";
        System.arraycopy(words, 0, all, 1, words.length);
        docker.run(all).ok();
    }

    @Test
    void platformsStandSideBySide() {
        assumeTrue(target.isForno(), "dockerd without the containerd store has one platform per name");
        try (Registry registry = Registry.start()) {
            String app = registry.address() + "/app";
            published(app + ":x", "linux/amd64");
            published(app + ":y", "linux/s390x");
            manifest("create", "--insecure", app + ":all", app + ":x", app + ":y");
            manifest("push", "--insecure", app + ":all");
            docker.text("pull", "--platform", "linux/s390x", app + ":all");
            assertEquals("s390x", docker.inspect(app + ":all", "{{.Architecture}}"));
            docker.text("pull", app + ":all");
            assertEquals("amd64", docker.inspect(app + ":all", "{{.Architecture}}"));
            assertEquals("s390x", architecture(app + ":all", "linux/s390x"));
            assertEquals("amd64", architecture(app + ":all", "linux/amd64"));
            String id = docker.text("create", "--platform", "linux/s390x", app + ":all");
            assertEquals(
                    docker.text("image", "inspect", "--platform", "linux/s390x", "-f", "{{.Id}}", app + ":all"),
                    docker.inspect(id, "{{.Image}}"));
            docker.text("rm", id);
            assertEquals("Linux", docker.text("run", "--rm", "--platform", "linux/amd64", app + ":all"));
            pushesWhole(registry.address(), app);
            savesAndLoadsWhole(registry.address(), app);
            docker.text("image", "rm", "--platform", "linux/s390x", app + ":all");
            assertEquals("amd64", docker.inspect(app + ":all", "{{.Architecture}}"));
            assertEquals(
                    1,
                    docker.run("image", "inspect", "--platform", "linux/s390x", app + ":all")
                            .exit());
            docker.text("rmi", app + ":all");
        }
    }

    private void pushesWhole(String address, String app) {
        String copy = address + "/copy";
        docker.text("tag", app + ":all", copy + ":all");
        docker.text("push", copy + ":all");
        String index = docker.text("manifest", "inspect", "--insecure", copy + ":all");
        assertTrue(index.contains("s390x") && index.contains("amd64"), index);
        docker.text("push", "--platform", "linux/s390x", copy + ":all");
        String one = docker.text("manifest", "inspect", "--insecure", "-v", copy + ":all");
        assertTrue(one.contains("s390x") && !one.contains("amd64"), one);
        docker.text("rmi", copy + ":all");
    }

    private void savesAndLoadsWhole(String address, String app) {
        String index = docker.text("manifest", "inspect", "--insecure", app + ":all");
        String archive = folder.resolve("all.tar").toString();
        docker.text("save", "-o", archive, app + ":all");
        docker.text("rmi", app + ":all");
        assertEquals("Loaded image: " + app + ":all", docker.text("load", "-i", archive));
        assertEquals("s390x", architecture(app + ":all", "linux/s390x"));
        assertEquals("Linux", docker.text("run", "--rm", app + ":all"));
        docker.text("tag", app + ":all", address + "/loaded:all");
        docker.text("push", address + "/loaded:all");
        assertEquals(index, docker.text("manifest", "inspect", "--insecure", address + "/loaded:all"));
        docker.text("rmi", app + ":all", address + "/loaded:all");
        docker.text("load", "--platform", "linux/s390x", "-i", archive);
        assertEquals("s390x", docker.inspect(app + ":all", "{{.Architecture}}"));
        Command.Result none =
                docker.run("load", "--platform", "linux/riscv64", "-i", archive).exits(1);
        assertTrue(none.err().contains("no image for the platform linux/riscv64"), none.err());
        docker.text("load", "-i", archive);
    }

    @Test
    void skopeoAndPodmanReadWholeIndexesAndWriteThem() throws IOException {
        assumeTrue(target.isForno(), "dockerd without the containerd store has one platform per name");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/skopeo")), "skopeo is not installed");
        try (Registry registry = Registry.start()) {
            String app = registry.address() + "/app";
            published(app + ":x", "linux/amd64");
            published(app + ":y", "linux/s390x");
            manifest("create", "--insecure", app + ":all", app + ":x", app + ":y");
            manifest("push", "--insecure", app + ":all");
            docker.text("pull", app + ":all");
            docker.text("pull", "--platform", "linux/s390x", app + ":all");
            String index = skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + app + ":all");
            Path archive = folder.resolve("all.tar");
            docker.text("save", "-o", archive.toString(), app + ":all");
            docker.text("rmi", app + ":all");
            Path layout = Files.createDirectory(folder.resolve("layout"));
            Command.of("tar", "-C", layout.toString(), "-xf", archive.toString())
                    .run()
                    .ok();
            String copy = "docker://" + registry.address() + "/skopeo:all";
            skopeo("copy", "-q", "--all", "--dest-tls-verify=false", "oci:" + layout + ":all", copy);
            assertEquals(index, skopeo("inspect", "--raw", "--tls-verify=false", copy));
            Path written = folder.resolve("written.tar");
            skopeo(
                    "copy",
                    "-q",
                    "--all",
                    "--src-tls-verify=false",
                    copy,
                    "oci-archive:" + written + ":" + app + ":back");
            docker.text("load", "-i", written.toString());
            assertEquals("s390x", architecture(app + ":back", "linux/s390x"));
            assertEquals("amd64", architecture(app + ":back", "linux/amd64"));
            docker.text("push", app + ":back");
            assertEquals(index, skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + app + ":back"));
            docker.text("rmi", app + ":back");
            if (Files.isExecutable(Path.of("/usr/bin/podman"))) {
                podman("load", "-q", "-i", archive.toString());
                assertEquals("amd64", podman("inspect", "-f", "{{.Architecture}}", app + ":all"));
                podman("rmi", "-a", "-f");
            }
        }
    }

    /** Podman with a storage of its own. */
    private String podman(String... words) {
        List<String> all = new ArrayList<>(List.of("podman", "--storage-driver", "vfs"));
        all.addAll(List.of("--root", folder.resolve("podman").toString()));
        all.addAll(List.of("--runroot", folder.resolve("podman-run").toString()));
        all.addAll(List.of(words));
        return new Command(all).run().ok().text();
    }

    private static String skopeo(String... words) {
        List<String> all = new ArrayList<>(List.of("skopeo"));
        all.addAll(List.of(words));
        return new Command(all).run().ok().text();
    }

    @Test
    void imagetoolsWorksOnWhatWasPushed() {
        Docker tools = docker.withBuildx();
        assumeTrue(tools.run("buildx", "version").exit() == 0, "the buildx plugin is not installed");
        try (Registry registry = Registry.start()) {
            String app = registry.address() + "/app";
            published(app + ":x", "linux/amd64");
            published(app + ":y", "linux/s390x");
            tools.text("buildx", "imagetools", "create", "-t", app + ":all", app + ":x", app + ":y");
            String shown = tools.text("buildx", "imagetools", "inspect", app + ":all");
            assertTrue(shown.contains("linux/s390x") && shown.contains("linux/amd64"), shown);
            docker.text("pull", "--platform", "linux/s390x", app + ":all");
            docker.text("pull", app + ":all");
            docker.text("tag", app + ":all", registry.address() + "/copy:all");
            docker.text("push", registry.address() + "/copy:all");
            String copied = tools.text("buildx", "imagetools", "inspect", registry.address() + "/copy:all");
            assertTrue(copied.contains("linux/s390x") && copied.contains("linux/amd64"), copied);
            docker.text("rmi", app + ":all", registry.address() + "/copy:all");
        }
    }
}

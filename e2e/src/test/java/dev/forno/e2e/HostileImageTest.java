package dev.forno.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Digest;
import dev.forno.oci.Platform;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarType;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image full of traps: loaded, run, copied from and to, built upon. Nothing outside of it is seen or changed. */
class HostileImageTest extends EndToEnd {
    private static final String IMAGE = "hostile:latest";

    private Path outside;

    @BeforeEach
    void makeCanary() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "safe");
    }

    @AfterEach
    void canaryLives() throws IOException {
        docker.run("rmi", "-f", IMAGE, "hostile-built");
        assertEquals("safe", Files.readString(outside.resolve("secret")));
        try (var files = Files.list(outside)) {
            assertEquals(1, files.count());
        }
    }

    @FunctionalInterface
    private interface Filling {
        void fill(TarWriter tar) throws IOException;
    }

    private static byte[] tar(Filling filling) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        filling.fill(tar);
        tar.finish();
        return out.toByteArray();
    }

    private static void file(TarWriter tar, String name, int mode, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        tar.add(TarEntry.file(name, mode, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes));
    }

    private byte[] traps() throws IOException {
        return tar(tar -> {
            tar.add(TarEntry.directory(outside.toString(), 0777, Instant.EPOCH)); // the links lead to the image's own
            tar.add(TarEntry.symlink("esc", outside.toString(), Instant.EPOCH));
            tar.add(TarEntry.symlink("up", "../../../../../.." + outside, Instant.EPOCH));
            tar.add(TarEntry.symlink("proc-root", "/proc/1/root" + outside, Instant.EPOCH));
            tar.add(TarEntry.symlink("a", "b", Instant.EPOCH));
            tar.add(TarEntry.symlink("b", "a", Instant.EPOCH));
            file(tar, "/etc/absolute", 0644, "inside");
            file(tar, "su", 04755, "#!/bin/sh\n");
            tar.add(device("dev/sda", TarType.BLOCK_DEVICE, 8, 0));
            tar.add(device("mem", TarType.CHARACTER_DEVICE, 1, 1));
            file(tar, ".wh.nothing-here", 0644, "");
            file(tar, ".wh..wh.plnk", 0644, "");
            // what runtimes and builders write into: links that lead out
            tar.add(TarEntry.symlink("etc/hosts", outside + "/secret", Instant.EPOCH));
            tar.add(TarEntry.symlink("etc/resolv.conf", "/proc/1/root" + outside + "/secret", Instant.EPOCH));
            tar.add(TarEntry.symlink("work", outside.toString(), Instant.EPOCH));
        });
    }

    private static TarEntry device(String name, TarType type, int major, int minor) {
        return new TarEntry(name, type, 0666, 0, 0, "", "", 0, Instant.EPOCH, null, "", major, minor, new TreeMap<>());
    }

    private void load(String config, byte[]... layers) throws IOException {
        Path archive = folder.resolve("hostile.tar");
        StringBuilder paths = new StringBuilder();
        StringBuilder diffIds = new StringBuilder();
        try (OutputStream out = Files.newOutputStream(archive)) {
            TarWriter tar = new TarWriter(out);
            for (int i = 0; i < layers.length; i++) {
                paths.append(i > 0 ? "," : "").append("\"l" + i + "/layer.tar\"");
                diffIds.append(i > 0 ? "," : "").append("\"" + Digest.of(layers[i]) + "\"");
                tar.add(
                        TarEntry.file("l" + i + "/layer.tar", 0644, layers[i].length, Instant.EPOCH),
                        new ByteArrayInputStream(layers[i]));
            }
            file(tar, "config.json", 0644, """
                    {"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(Platform.host().architecture(), config, diffIds));
            file(
                    tar,
                    "manifest.json",
                    0644,
                    "[{\"Config\":\"config.json\",\"RepoTags\":[\"" + IMAGE + "\"],\"Layers\":[" + paths + "]}]");
            tar.finish();
        }
        docker.text("load", "-q", "-i", archive.toString());
    }

    private static byte[] base() throws IOException {
        return Files.readAllBytes(BaseImages.busyboxTar());
    }

    @Test
    void trapsStayInside() throws IOException {
        load("{\"Cmd\":[\"sh\"]}", base(), traps());
        assertEquals("inside", docker.text("run", "--rm", IMAGE, "cat", "/etc/absolute"));
        for (String trap : List.of("/esc/secret", "/up/secret", "/proc-root/secret", "/a")) {
            assertFalse(docker.run("run", "--rm", IMAGE, "cat", trap).out().contains("safe"), trap);
        }
        assertFalse(
                docker.run("run", "--rm", IMAGE, "head", "-c", "1", "/dev/sda").exit() == 0, "a disk is readable");
        assertFalse(docker.run("run", "--rm", IMAGE, "head", "-c", "1", "/mem").exit() == 0, "memory is readable");
        docker.run("run", "--rm", "-w", "/work/sub", IMAGE, "true");
        docker.run("run", "--rm", "-v", "/work/volume", IMAGE, "true");
        docker.run("run", "--rm", "--mount", "type=tmpfs,target=/esc/tmp", IMAGE, "true");
    }

    @Test
    void copiesStayInside() throws IOException {
        load("{\"Cmd\":[\"sh\"]}", base(), traps());
        String id = docker.text("create", IMAGE);
        Path evil = Files.writeString(folder.resolve("evil"), "evil");
        docker.text("cp", evil.toString(), id + ":/esc/evil");
        Path back = folder.resolve("back");
        docker.text("cp", id + ":" + outside + "/evil", back.toString());
        assertEquals("evil", Files.readString(back));
        docker.run("cp", evil.toString(), id + ":/proc-root/evil");
        docker.run("cp", evil.toString(), id + ":/etc/hosts");
        Command.Result out =
                docker.run("cp", id + ":/esc/secret", folder.resolve("got").toString());
        assertFalse(out.exit() == 0 && Files.exists(folder.resolve("got")), "the secret was copied out");
        docker.run("export", "-o", folder.resolve("export.tar").toString(), id).ok();
    }

    @Test
    void buildsStayInside() throws IOException {
        load("{\"Cmd\":[\"sh\"],\"WorkingDir\":\"/work/dir\",\"OnBuild\":[]}", base(), traps());
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("evil"), "evil");
        Files.writeString(context.resolve("Dockerfile"), """
                FROM hostile:latest
                COPY evil /esc/evil
                COPY evil /up/evil
                WORKDIR /esc/dir
                ADD evil /work/added/
                RUN cat /esc/evil
                COPY --from=hostile:latest /esc /copied
                """);
        docker.text("build", "-q", "-t", "hostile-built", context.toString());
        assertFalse(docker.run("run", "--rm", "hostile-built", "cat", "/copied/secret")
                .out()
                .contains("safe"));
        assertEquals("evil", docker.text("run", "--rm", "hostile-built", "cat", outside + "/evil"));
    }

    @Test
    void strangeConfigurationsAreRefusedClearly() throws IOException {
        load("{\"Cmd\":[\"sh\"],\"Env\":[\"A=b\\u0000c\",\"=x\",\"PATH\"]}", base());
        Command.Result zero = docker.run("run", "--rm", IMAGE, "true");
        assertTrue(
                zero.exit() != 0
                        && !zero.err().contains("INTERNAL")
                        && !zero.err().isBlank(),
                zero.err());
        load("{\"Cmd\":[\"sh\"],\"User\":\"../../etc/passwd\"}", base());
        Command.Result user = docker.run("run", "--rm", IMAGE, "true");
        assertTrue(user.exit() != 0 && user.err().contains("user"), user.err());
        load("{\"Cmd\":[\"true\"],\"Volumes\":{\"../../../x\":{}}}", base());
        docker.run("run", "--rm", IMAGE, "true");
        load("{\"Cmd\":[\"true\"],\"ExposedPorts\":{\"99999/tcp\":{},\"x/y\":{}}}", base());
        Command.Result port = docker.run("run", "--rm", "-P", IMAGE);
        assertTrue(port.exit() != 0, "a port beyond all ports was published");
        load(
                "{\"Cmd\":[\"true\"],\"StopSignal\":\"SIGNOTHING\",\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"],\"Interval\":-5}}",
                base());
        docker.run("run", "--rm", IMAGE);
    }
}

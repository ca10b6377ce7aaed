package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine whose disk is too small: it says so, gives back what it took, and goes on. */
class DiskFullTest {
    private static final int DISK_MEGABYTES = 64;
    private static final int LARGE = 80_000_000;

    @TempDir
    Path folder;

    private Path disk;
    private Path large;
    private Engine engine;
    private Docker docker;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        Path image = folder.resolve("disk.img");
        Command.of("truncate", "-s", DISK_MEGABYTES + "M", image.toString())
                .run()
                .ok();
        Command.of("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()).run().ok();
        Command.of("mount", "-o", "loop", image.toString(), disk.toString())
                .run()
                .ok();
        Path home = Files.createDirectory(disk.resolve("engine"));
        // Its sockets lie elsewhere, as they do below /run.
        Files.createSymbolicLink(home.resolve("run"), Files.createDirectory(folder.resolve("run")));
        engine = Engine.start(home);
        docker = engine.docker();
        BaseImages.busybox(docker);
        large = Files.createDirectory(folder.resolve("context")).resolve("large");
        byte[] noise = new byte[1 << 20];
        new Random(1).nextBytes(noise);
        try (OutputStream out = Files.newOutputStream(large)) {
            for (int written = 0; written < LARGE; written += noise.length) {
                out.write(noise);
            }
        }
    }

    @AfterEach
    void unmount() {
        try {
            engine.close();
        } finally {
            Leftovers.unmountBelow(folder);
        }
    }

    private long free() {
        Command.of("sync", "-f", disk.toString()).run();
        return disk.toFile().getUsableSpace();
    }

    /** The command fails for want of space, says what to do, and leaves no more behind than a record's worth. */
    private void assertTooLarge(String... command) throws IOException {
        long before = free();
        Command.Result result = docker.run(command);
        assertNotEquals(0, result.exit());
        String said = result.err() + result.out();
        assertTrue(said.contains("no space left on device"), said);
        assertTrue(said.contains("the disk of " + state() + " is full"), said);
        assertTrue(said.contains("forno system df") && said.contains("forno system prune"), said);
        assertNothingHalfDone();
        assertTrue(before - free() < 1 << 20, () -> String.join(" ", command) + " kept " + (before - free()));
    }

    private Path state() {
        return engine.folder().resolve("state");
    }

    /** Nothing is left of what was being written, and every blob has the digest of its name. */
    private void assertNothingHalfDone() throws IOException {
        for (String unfinished : List.of(
                "store/ingests", "store/snapshots/erofs/temporary", "store/snapshots/unpack/temporary", "builds")) {
            String[] names = state().resolve(unfinished).toFile().list();
            assertTrue(names == null || names.length == 0, () -> unfinished + ": " + Arrays.toString(names));
        }
        CrashState.assertBlobsAreWhatTheySay(state());
    }

    /** Takes all that is left, to the last block. */
    private void fill() throws IOException {
        for (int size : new int[] {1 << 16, 1 << 16, 1 << 10, 1 << 10}) {
            try (OutputStream out = Files.newOutputStream(
                    disk.resolve("ballast"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                byte[] block = new byte[size];
                while (true) {
                    out.write(block);
                }
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
                free(); // what is about to be written takes its space now
            }
        }
    }

    @Test
    void theEngineStartsAndRemovesWhereNothingFits() throws IOException {
        docker.text("create", "--name", "stopped", "busybox", "true");
        docker.text("run", "-d", "--name", "runs", "busybox", "sleep", "600");
        for (int i = 0; i < 2; i++) {
            fill();
            engine.kill();
            fill();
            engine.begin();
            assertEquals(
                    List.of("runs", "stopped"),
                    docker.run("ps", "-a", "--format", "{{.Names}}").lines());
            assertEquals("in", docker.text("exec", "runs", "echo", "in"));
        }
        fill();
        docker.text("rm", "stopped");
        fill();
        docker.text("rm", "-f", "runs");
        fill();
        engine.stop();
        fill();
        engine.begin();
        docker.text("rmi", "busybox");
        assertEquals("", docker.text("images", "-q"));
        Files.delete(disk.resolve("ballast"));
        engine.stop();
        engine.begin();
        BaseImages.busybox(docker);
        docker.text("run", "--rm", "busybox", "true");
    }

    @Test
    void whatIsPushedOrServedAndDoesNotFitIsGivenBack() throws Exception {
        Path half = folder.resolve("half.tar");
        byte[] noise = new byte[35 << 20];
        new Random(2).nextBytes(noise);
        Files.write(folder.resolve("context/half"), noise);
        Command.of("tar", "-C", folder.resolve("context").toString(), "-cf", half.toString(), "half")
                .run()
                .ok();
        String address = "127.0.0.1:" + Host.freePort();
        engine.options("--registry-listen", address);
        engine.stop();
        engine.begin();
        Engine other = Engine.start();
        try (Registry registry = Registry.start()) {
            String away = registry.address() + "/half:latest";
            docker.text("import", half.toString(), away);
            assertTooLarge("push", "-q", away); // there is no space for its compressed layer
            String here = address + "/half:latest";
            other.docker().text("import", half.toString(), here);
            long before = free();
            Command.Result served = other.docker().run("push", "-q", here);
            assertNotEquals(0, served.exit());
            assertTrue(served.err().contains("the disk of " + state() + " is full"), served.err());
            assertTrue(before - free() < 1 << 20, () -> "kept " + (before - free()));
            docker.text("run", "--rm", "busybox", "true");
        } finally {
            other.close();
        }
        assertNothingHalfDone();
    }

    @Test
    void whatDoesNotFitIsGivenBack() throws IOException {
        Path tar = folder.resolve("large.tar");
        Command.of("tar", "-C", folder.toString(), "-cf", tar.toString(), "context")
                .run()
                .ok();
        assertTooLarge("import", tar.toString());
        Files.writeString(folder.resolve("context/Dockerfile"), "FROM busybox\nCOPY large /large\n");
        assertTooLarge("build", folder.resolve("context").toString());
        docker.text("create", "--name", "target", "busybox", "true");
        assertTooLarge("cp", large.toString(), "target:/large");
        docker.text("rm", "target");
        docker.text("run", "--name", "source", "busybox", "sh", "-c", "head -c 38000000 /dev/urandom > /half");
        assertTooLarge("commit", "source");
        docker.text("rm", "source");
        docker.text("run", "--name", "still", "busybox", "true");
        assertEquals(0, docker.run("image", "inspect", "busybox").exit());
    }

    @Test
    void aPullThatDoesNotFitIsGivenBack() throws Exception {
        try (Registry registry = Registry.start()) {
            String name = registry.address() + "/large:latest";
            Engine other = Engine.start();
            try {
                Path tar = folder.resolve("large.tar");
                Command.of("tar", "-C", folder.toString(), "-cf", tar.toString(), "context")
                        .run()
                        .ok();
                other.docker().text("import", tar.toString(), name);
                other.docker().text("push", "-q", name);
            } finally {
                other.close();
            }
            assertTooLarge("pull", "-q", name);
            docker.text("run", "--rm", "busybox", "true");
        }
    }

    @Test
    void aFullDiskCanBeFreed() {
        docker.text("volume", "create", "named");
        docker.text("run", "--name", "filler", "-v", "named:/named", "busybox", "sh", "-c", "echo kept > /named/file");
        docker.text(
                "run",
                "-d",
                "--name",
                "talker",
                "--log-opt",
                "max-size=-1",
                "busybox",
                "sh",
                "-c",
                "head -c 60000000 /dev/urandom | base64; sleep 600");
        Host.eventually("the log fills the disk", () -> {
            assertTrue(docker.text("top", "talker").contains("sleep 600"));
            assertTrue(free() < 1 << 16);
            return disk;
        });
        for (String[] command : new String[][] {
            {"create", "busybox", "true"},
            {"volume", "create", "more"},
            {"tag", "busybox", "other"},
            {"run", "--rm", "busybox", "true"}
        }) {
            Command.Result result = docker.run(command);
            assertNotEquals(0, result.exit(), () -> String.join(" ", command));
            assertTrue(result.err().contains("no space left on device"), result.err());
        }
        assertEquals("in", docker.text("exec", "talker", "echo", "in"));
        docker.text("rm", "-f", "talker"); // recorded where nothing else fits
        assertTrue(free() > 1 << 20);
        docker.text("run", "--rm", "busybox", "true");
        assertEquals("kept", docker.text("run", "--rm", "-v", "named:/named", "busybox", "cat", "/named/file"));
        engine.stop();
        engine.begin();
        assertEquals("filler", docker.text("ps", "-a", "--format", "{{.Names}}"));
    }
}

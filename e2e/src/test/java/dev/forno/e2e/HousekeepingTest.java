package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disk space, over an engine whose state nobody else uses: what is told is what {@code du} finds. */
class HousekeepingTest {
    @TempDir
    Path folder;

    private Engine engine;
    private Docker docker;
    private Docker forno;

    @BeforeEach
    void fill() throws IOException {
        engine = Engine.start();
        docker = engine.docker();
        forno = docker.forno();
        BaseImages.busybox(docker);
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), """
                FROM busybox
                LABEL stage=final
                RUN dd if=/dev/urandom of=/big bs=1024 count=3000
                RUN echo small > /small
                """);
        docker.text("build", "-q", "-t", "app", "-t", "again", context.toString());
        docker.text("build", "-q", "--no-cache", "-t", "app", context.toString());
        docker.text(
                "run",
                "--name",
                "writer",
                "-v",
                "named:/named",
                "-v",
                "/anonymous",
                "busybox",
                "sh",
                "-c",
                "echo said; dd if=/dev/zero of=/file bs=1024 count=100; echo x > /named/x; echo y > /anonymous/y");
        docker.text("run", "-d", "--name", "runs", "busybox", "sleep", "600");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private long du() {
        String line = Command.of(
                        "du",
                        "-s",
                        "-x",
                        "-B1",
                        engine.folder().resolve("state").toString())
                .run()
                .ok()
                .text();
        return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }

    private String storage() {
        return Command.of(
                        "curl",
                        "-sf",
                        "--unix-socket",
                        engine.folder().resolve("run/forno.sock").toString(),
                        "http://forno/system/df?type=storage")
                .run()
                .ok()
                .text();
    }

    private static long number(String json, String field) {
        return Long.parseLong(json.replaceFirst("(?s).*?\"" + field + "\":(\\d+).*", "$1"));
    }

    @Test
    void everyByteIsAccountedFor() {
        long before;
        String storage;
        int rounds = 0;
        do {
            assertTrue(rounds++ < 20, "the state changes all the time");
            before = du();
            storage = storage();
        } while (du() != before); // the engine or a container wrote meanwhile
        assertEquals(before, number(storage, "TotalSize"));
        String other = storage.replaceFirst("(?s).*\"Kind\":\"other\"", "");
        assertTrue(number(other, "Size") < 1 << 20, other); // directories, and small files
        String shown = forno.text("system", "df", "-v");
        assertTrue(shown.contains("image busybox:latest"), shown);
        assertTrue(shown.contains("container writer"), shown);
        assertTrue(shown.contains("build cache"), shown);
        assertTrue(shown.contains("named"), shown);
        assertTrue(docker.text("system", "df", "-v").contains("writer"));
    }

    @Test
    void aDryRunSaysWhatTheRealRunDoes() {
        for (String line : List.of(
                "container prune",
                "image prune",
                "builder prune --keep-storage 1MB",
                "image prune -a --filter label=stage=final",
                "volume prune",
                "volume prune -a --filter label!=keep",
                "builder prune -a",
                "system prune -a --volumes",
                "network prune")) {
            String[] words = line.split(" ");
            long before = du();
            String dry = forno.text(with(words, "--dry-run"));
            assertEquals(before, du(), line);
            String real = forno.text(with(words, "-f"));
            assertEquals(realOf(dry), real, line);
        }
        assertEquals("runs", docker.text("ps", "-a", "--format", "{{.Names}}"));
        assertEquals(
                List.of("busybox:latest"),
                docker.run("images", "--format", "{{.Repository}}:{{.Tag}}").lines());
    }

    @Test
    void aDryRunOfEverythingSeesWhatItsFirstStepsWouldFree() {
        docker.text("rm", "-f", "runs");
        long before = du();
        String dry = forno.text("system", "prune", "-a", "--volumes", "--dry-run");
        assertTrue(dry.contains("untagged: app:latest"), dry);
        assertTrue(dry.contains("untagged: busybox:latest"), dry);
        assertEquals(before, du());
        assertEquals(realOf(dry), forno.text("system", "prune", "-a", "--volumes", "-f"));
        assertEquals("", docker.text("images", "-q"));
        assertEquals("named", docker.text("volume", "ls", "-q"));
        String left = storage();
        for (String kind : List.of("layer", "blob", "container", "log", "partial", "temporary", "index")) {
            assertFalse(left.contains("\"Kind\":\"" + kind + "\""), left);
        }
    }

    @Test
    void aDryRunOfRmiSaysWhatGoes() {
        String dry = forno.text("rmi", "--dry-run", "app", "again");
        assertTrue(dry.contains("Would be untagged: again:latest"), dry);
        assertTrue(dry.contains("Would be deleted: sha256:"), dry);
        String real = forno.text("rmi", "app", "again");
        assertEquals(
                dry.replace("Would be untagged: ", "Untagged: ")
                        .replace("Would be deleted: ", "Deleted: ")
                        .replaceFirst("\n?Total space that would be reclaimed: .*", ""),
                real);
        Command.Result used = forno.run("rmi", "--dry-run", "busybox");
        assertEquals(1, used.exit());
        assertTrue(used.err().contains("is using its referenced image"), used.err());
    }

    @Test
    void wrongFiltersAreRefused() {
        for (String line : List.of(
                "container prune -f --filter dangling=true",
                "image prune -f --filter reference=x",
                "image prune -f --filter until=soon",
                "volume prune -f --filter until=1h",
                "builder prune -f --filter color=red",
                "system prune -f --volumes --filter until=1h")) {
            assertEquals(1, docker.run(line.split(" ")).exit(), line);
            assertEquals(1, forno.run(line.split(" ")).exit(), line);
        }
        assertEquals(
                "",
                docker.text("container", "prune", "-f", "--filter", "until=24h").replaceAll("(?m)^Total.*", ""));
    }

    private static String realOf(String dry) {
        return dry.replaceAll(
                        "(?m)^(Containers|Networks|Volumes|Images|build cache objects) that would be deleted:",
                        "Deleted $1:")
                .replace("Total space that would be reclaimed: ", "Total reclaimed space: ");
    }

    private static String[] with(String[] words, String last) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 1);
        all[words.length] = last;
        return all;
    }
}

package dev.forno.store.indexes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.linux.files.Root;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The programs that the indexes are compared with. */
final class Tools {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    private Tools() {}

    /** Runs a command that must succeed; returns what it printed. */
    static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), command + "\n" + output);
        return output;
    }

    /** Extracts with GNU tar, with everything that it can extract. */
    static Path extract(Path tar, Path directory) throws Exception {
        Files.createDirectory(directory);
        run(List.of(
                "tar",
                "--numeric-owner",
                "--xattrs",
                "--xattrs-include=*",
                "-C",
                directory.toString(),
                "-xpf",
                tar.toString()));
        return directory;
    }

    /** Archives a directory's content with GNU tar. */
    static Path archive(Path directory, Path tar, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("tar", "--numeric-owner", "-C", directory.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cf", tar.toString(), "."));
        run(command);
        return tar;
    }

    /** Checks an index with fsck.erofs, reading every byte of its files; the test is skipped where there is none. */
    static void check(MountedIndex index) throws Exception {
        assumeTrue(
                checkIfPossible(index),
                "fsck.erofs of erofs-utils 1.8 or newer is not installed; older ones can't read blocks of 512 bytes");
    }

    /** The same, or nothing; tells whether it was checked. */
    static boolean checkIfPossible(MountedIndex index) throws Exception {
        Optional<Path> fsck = Fsck.FOUND;
        if (fsck.isEmpty()) {
            return false;
        }
        List<String> command = new ArrayList<>(List.of(fsck.get().toString(), "--extract"));
        index.devices().forEach(device -> command.add("--device=" + device));
        command.add(index.index().toString());
        String output = run(command);
        assertFalse(output.contains("<E>"), output);
        return true;
    }

    private static final class Fsck {
        static final Optional<Path> FOUND = find();

        private static Optional<Path> find() {
            for (String directory : System.getenv("PATH").split(":")) {
                Path program = Path.of(directory, "fsck.erofs");
                if (Files.isExecutable(program) && isRecent(program)) {
                    return Optional.of(program);
                }
            }
            return Optional.empty();
        }

        private static boolean isRecent(Path program) {
            try {
                Process process = new ProcessBuilder(program.toString(), "--version")
                        .redirectErrorStream(true)
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                process.waitFor(); // old ones don't know the option and fail
                Matcher version = VERSION.matcher(output);
                return version.find()
                        && (Integer.parseInt(version.group(1)) > 1 || Integer.parseInt(version.group(2)) >= 8);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Whether a program is installed. */
    static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Removes a tree at once: the warnings of a temporary directory about links in it would be thousands. */
    static void remove(Path tree) throws Exception {
        try (Root above = Root.open(requireNonNull(tree.getParent()))) {
            above.removeAll(requireNonNull(tree.getFileName()).toString());
        }
    }
}

package dev.forno.store.indexes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

    /** Checks an index with fsck.erofs, reading every byte of its files. */
    static void check(MountedIndex index) throws Exception {
        Optional<Path> fsck = fsck();
        assumeTrue(
                fsck.isPresent(),
                "fsck.erofs of erofs-utils 1.8 or newer is not installed; older ones can't read "
                        + "blocks of 512 bytes");
        List<String> command = new ArrayList<>(List.of(fsck.get().toString(), "--extract"));
        index.devices().forEach(device -> command.add("--device=" + device));
        command.add(index.index().toString());
        String output = run(command);
        assertEquals(-1, output.indexOf("rror"), output);
    }

    static Optional<Path> fsck() throws Exception {
        Stream<String> places = Stream.of(
                System.getProperty("forno.test.fsck", "/usr/bin/fsck.erofs"),
                "/usr/bin/fsck.erofs",
                "/usr/sbin/fsck.erofs");
        for (String place : places.toList()) {
            if (Files.isExecutable(Path.of(place)) && isRecent(run(List.of(place, "--version")))) {
                return Optional.of(Path.of(place));
            }
        }
        return Optional.empty();
    }

    private static boolean isRecent(String text) {
        Matcher version = VERSION.matcher(text);
        return version.find() && (Integer.parseInt(version.group(1)) > 1 || Integer.parseInt(version.group(2)) >= 8);
    }
}

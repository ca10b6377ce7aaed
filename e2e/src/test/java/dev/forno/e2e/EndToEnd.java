package dev.forno.e2e;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A test of what a user sees. All test classes share one engine; after each test everything that it made is removed through
 * the CLI, and the machine must look as before.
 */
abstract class EndToEnd {
    static final String BUSYBOX = "busybox:latest";

    final Target target = Target.shared();
    final Docker docker = client();

    @TempDir
    Path folder;

    @BeforeEach
    final void prepare() {
        BaseImages.busybox(docker);
    }

    @AfterEach
    final void leaveNothing() {
        removeAll("container", List.of("ps", "-aq", "--no-trunc"), "rm", "-f", "-v");
        removeAll("volume", List.of("volume", "ls", "-q"), "volume", "rm");
        target.assertNothingLeft();
    }

    private void removeAll(String what, List<String> list, String... remove) {
        for (String id : docker.command(list.toArray(String[]::new)).run().ok().lines()) {
            Command.Result result = docker.run(append(remove, id));
            if (result.exit() != 0 && !result.err().contains("No such " + what)) {
                throw new AssertionError("remove " + what + " " + id + ": " + result.err());
            }
        }
    }

    private static String[] append(String[] words, String last) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 1);
        all[words.length] = last;
        return all;
    }

    /** The CLI that the test types into. */
    Docker client() {
        return target.docker();
    }

    /** Runs a command in a throw-away busybox container and gives what it printed. */
    final String busybox(String... command) {
        String[] all = new String[3 + command.length];
        all[0] = "run";
        all[1] = "--rm";
        all[2] = BUSYBOX;
        System.arraycopy(command, 0, all, 3, command.length);
        return docker.run(all).ok().text();
    }
}

package dev.forno.cli.quickstarts;

import dev.forno.cli.commands.Failure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs of the distribution that Forno runs, and the Debian packages that hold them. */
final class SystemPackages {
    private final PrintStream out;
    private final boolean install;

    /** @param install whether missing packages are installed rather than named */
    SystemPackages(PrintStream out, boolean install) {
        this.out = out;
        this.install = install;
    }

    /** The packages that the engine lacks. */
    static List<String> missingForEngine() {
        List<String> missing = new ArrayList<>();
        if (!has("crun") && !has("runc")) {
            // crun is the faster one; some versions of it refuse the older cgroup hierarchy
            missing.add(Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "crun" : "runc");
        }
        if (!has("conmon")) {
            missing.add("conmon");
        }
        return missing;
    }

    static boolean has(String program) {
        String path = System.getenv("PATH");
        List<String> directories = new ArrayList<>(List.of((path == null ? "" : path).split(":")));
        directories.addAll(List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"));
        return directories.stream()
                .anyMatch(directory -> !directory.isEmpty() && Files.isExecutable(Path.of(directory, program)));
    }

    /**
     * Makes sure of packages: installs them, or fails with the command that does.
     *
     * @param why what they are for
     */
    void require(List<String> packages, String why) throws IOException, InterruptedException {
        if (packages.isEmpty()) {
            return;
        }
        String names = String.join(" ", packages);
        String remedy = "apt-get update && apt-get install -y --no-install-recommends " + names;
        if (!install) {
            throw new Failure(
                    1,
                    "Missing " + (packages.size() == 1 ? "package: " : "packages: ") + names + " (" + why
                            + ").\nInstall with:\n\n    " + remedy
                            + "\n\nthen run quickstart again, or let it install them: ./forno quickstart --yes");
        }
        if (!has("apt-get")) {
            throw new Failure(
                    1,
                    "Missing: " + names + " (" + why
                            + "), and there is no apt-get here: install them with this system's package manager.");
        }
        out.println("  installing " + names + " (" + why + ")");
        out.flush();
        apt(List.of("apt-get", "update", "-qq"));
        List<String> command = new ArrayList<>(
                List.of("apt-get", "install", "-y", "-qq", "-o", "Dpkg::Use-Pty=0", "--no-install-recommends"));
        command.addAll(packages);
        apt(command);
    }

    private static void apt(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new Failure(1, String.join(" ", command) + " failed with code " + code + "; its messages are above");
        }
    }
}

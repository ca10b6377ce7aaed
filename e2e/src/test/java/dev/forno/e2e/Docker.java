package dev.forno.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A CLI pointed at one engine, with a configuration folder of its own and without BuildKit: the real {@code docker}, or
 * {@code forno}, which takes the same commands.
 */
record Docker(List<String> program, Path config) {

    /** The real {@code docker} CLI. */
    static Docker at(String host) {
        return new Docker(List.of("docker", "-H", host), newConfig());
    }

    /** Forno's own CLI on the same engine. */
    Docker forno() {
        return new Docker(
                List.of(Repository.root().resolve("forno").toString(), program.get(1), program.get(2)), newConfig());
    }

    /** The same CLI with the buildx plugin that the environment names, if it names one. */
    Docker withBuildx() {
        Path own = newConfig();
        String plugin = System.getenv().getOrDefault("FORNO_TEST_BUILDX", "");
        if (!plugin.isEmpty()) {
            try {
                Path plugins = Files.createDirectories(own.resolve("cli-plugins"));
                Files.createSymbolicLink(plugins.resolve("docker-buildx"), Path.of(plugin));
            } catch (IOException e) {
                throw new AssertionError("show docker " + plugin, e);
            }
        }
        return new Docker(program, own);
    }

    /** A command of the CLI, not started yet. */
    Command command(String... arguments) {
        List<String> all = new ArrayList<>(program);
        all.addAll(List.of(arguments));
        return new Command(all)
                .with("DOCKER_CONFIG", config.toString())
                .with("DOCKER_BUILDKIT", "0")
                .with("FORNO_BUILD", "never");
    }

    /** The same under a pseudo-terminal; what it prints is what the terminal shows. */
    Command terminal(String arguments) {
        return Command.of("script", "-qec", String.join(" ", program) + " " + arguments, "/dev/null")
                .with("DOCKER_CONFIG", config.toString())
                .with("FORNO_BUILD", "never");
    }

    /** Runs a command, whatever it exits with. */
    Command.Result run(String... arguments) {
        return command(arguments).run();
    }

    /** Runs a command that must succeed; gives its standard output, stripped. */
    String text(String... arguments) {
        return run(arguments).ok().text();
    }

    /** One value of {@code inspect}. */
    String inspect(String object, String template) {
        return text("inspect", "-f", template, object);
    }

    private static Path newConfig() {
        return Scratch.folder("config");
    }
}

package dev.forno.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real {@code docker} CLI pointed at one engine, with a configuration folder of its own and without BuildKit. */
record Docker(String host, Path config) {

    static Docker at(String host) {
        try {
            return new Docker(host, Files.createTempDirectory("forno-e2e-docker-config"));
        } catch (IOException e) {
            throw new AssertionError("make a configuration folder for docker", e);
        }
    }

    /** A command of the CLI, not started yet. */
    Command command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("docker", "-H", host));
        all.addAll(List.of(arguments));
        return new Command(all).with("DOCKER_CONFIG", config.toString()).with("DOCKER_BUILDKIT", "0");
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
}

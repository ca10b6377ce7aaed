package dev.forno.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of an external program: arguments, environment, input; its output and exit code. */
final class Command {
    private final List<String> arguments;
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = {};
    private @Nullable Path directory;
    private long timeoutSeconds = 180;

    Command(List<String> arguments) {
        this.arguments = List.copyOf(arguments);
    }

    static Command of(String... arguments) {
        return new Command(List.of(arguments));
    }

    Command with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Command in(Path folder) {
        directory = folder;
        return this;
    }

    Command input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Command timeout(long seconds) {
        timeoutSeconds = seconds;
        return this;
    }

    /** Starts the program without waiting; the caller stops it. */
    Process start(Path log) {
        try {
            return builder()
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new AssertionError("start " + arguments, e);
        }
    }

    /** Runs the program to its end; a program that does not end in time is killed and fails the test. */
    Result run() {
        try {
            Process process = builder().start();
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                // the program ended without reading its input: its output tells why
            }
            if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        "no end within " + timeoutSeconds + " s: " + arguments + "\n" + out.join() + err.join());
            }
            return new Result(arguments, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new AssertionError("start " + arguments, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + arguments, e);
        }
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(arguments));
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        return builder;
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }

    /** What a finished program left. */
    record Result(List<String> arguments, int exit, String out, String err) {
        /** Fails the test unless the program succeeded. */
        Result ok() {
            return exits(0);
        }

        /** Fails the test unless the exit code is the one expected. */
        Result exits(int expected) {
            if (exit != expected) {
                throw new AssertionError("exit " + exit + ", expected " + expected + ": " + arguments + "\nstdout: "
                        + out + "\nstderr: " + err);
            }
            return this;
        }

        /** Standard output without surrounding white space. */
        String text() {
            return out.strip();
        }

        /** The non-empty lines of standard output. */
        List<String> lines() {
            return out.lines().filter(line -> !line.isBlank()).toList();
        }
    }
}

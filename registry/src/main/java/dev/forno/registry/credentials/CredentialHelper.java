package dev.forno.registry.credentials;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.registry.documents.HelperDocument;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A program {@code docker-credential-NAME}: it reads a registry's key and writes what to show to it. */
final class CredentialHelper {
    private static final int LIMIT = 1 << 20;
    private static final int SHOWN = 500;
    private static final Jsonb JSONB = JsonBinding.jsonb();

    private final String program;
    private final Path file;
    private final Duration timeout;

    private CredentialHelper(String program, Path file, Duration timeout) {
        this.program = program;
        this.file = file;
        this.timeout = timeout;
    }

    /** The helper of that name in one of the folders of {@code searchPath}. */
    static CredentialHelper find(String name, String searchPath, Duration timeout) {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION, "run credential helper \"" + name + "\": not a program's name");
        }
        String program = "docker-credential-" + name;
        for (String folder : searchPath.split(":")) {
            Path file = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return new CredentialHelper(program, file, timeout);
            }
        }
        throw new FornoException(
                ErrorKind.FAILED_PRECONDITION,
                "error getting credentials - " + program + ": executable file not found in the engine's PATH");
    }

    /** What the helper knows; nobody's credentials when it says that it has none. */
    Credentials get(String server) {
        Answer answer = run(server);
        if (answer.status != 0) {
            if (answer.text.contains("credentials not found in native keychain")) {
                return Credentials.ANONYMOUS;
            }
            throw failed(shown(answer.text), null);
        }
        HelperDocument document;
        try {
            document = JSONB.type(HelperDocument.class).fromJson(answer.text);
        } catch (RuntimeException e) {
            // The cause would quote the text, which holds the secret.
            throw failed("its answer is not the JSON expected", null);
        }
        String username = document == null || document.username() == null ? "" : document.username();
        String secret = document == null || document.secret() == null ? "" : document.secret();
        return username.equals("<token>")
                ? new Credentials("", "", secret, "")
                : new Credentials(username, secret, "", "");
    }

    private record Answer(int status, String text) {}

    private Answer run(String server) {
        Process process;
        try {
            process = new ProcessBuilder(file.toString(), "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw failed("it can't be started", e);
        }
        try {
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> text(process.getInputStream()), Thread::startVirtualThread);
            ask(process, server);
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("no answer within " + timeout.toSeconds() + " s", null);
            }
            return new Answer(
                    process.exitValue(),
                    output.get(timeout.toMillis(), TimeUnit.MILLISECONDS).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "run " + program + ": cancelled", e);
        } catch (ExecutionException | TimeoutException e) {
            throw failed("its answer can't be read", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void ask(Process process, String server) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A helper that doesn't read its input may still answer.
            return;
        }
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    private FornoException failed(String reason, @Nullable Exception cause) {
        return new FornoException(
                ErrorKind.FAILED_PRECONDITION, "error getting credentials - " + program + " get: " + reason, cause);
    }
}

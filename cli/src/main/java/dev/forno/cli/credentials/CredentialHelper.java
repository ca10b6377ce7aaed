package dev.forno.cli.credentials;

import dev.forno.cli.documents.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A program {@code docker-credential-NAME} that keeps credentials: it reads a request and writes an answer. */
final class CredentialHelper {
    private final String program;

    CredentialHelper(String name) {
        program = "docker-credential-" + name;
    }

    Credential get(String server) throws IOException {
        Answer answer = run("get", server);
        if (answer.status != 0) {
            if (answer.text.contains("credentials not found")) {
                return Credential.none(server);
            }
            throw failed("get", answer);
        }
        Json document = Json.parse(answer.text);
        String username = document.text("Username");
        return username.equals("<token>")
                ? new Credential("", "", document.text("Secret"), server)
                : new Credential(username, document.text("Secret"), "", server);
    }

    void store(Credential credential) throws IOException {
        boolean token = !credential.identityToken().isEmpty();
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("ServerURL", credential.server());
        request.put("Username", token ? "<token>" : credential.username());
        request.put("Secret", token ? credential.identityToken() : credential.password());
        Answer answer = run("store", Json.of(request).toString());
        if (answer.status != 0) {
            throw failed("store", answer);
        }
    }

    void erase(String server) throws IOException {
        Answer answer = run("erase", server);
        if (answer.status != 0 && !answer.text.contains("credentials not found")) {
            throw failed("erase", answer);
        }
    }

    private record Answer(int status, String text) {}

    private Answer run(String verb, String request) throws IOException {
        Process process = new ProcessBuilder(program, verb)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(request.getBytes(StandardCharsets.UTF_8));
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Answer(process.waitFor(), text.strip());
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("run " + program + ": interrupted", e);
        }
    }

    private IOException failed(String verb, Answer answer) {
        return new IOException("error during " + program + " " + verb + ": " + answer.text);
    }
}

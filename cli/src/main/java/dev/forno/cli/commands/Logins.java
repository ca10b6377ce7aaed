package dev.forno.cli.commands;

import dev.forno.cli.credentials.Credential;
import dev.forno.cli.credentials.Credentials;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.linux.terminals.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code login} and {@code logout}. */
final class Logins {
    private Logins() {}

    static Command login() {
        return new Command("[OPTIONS] [SERVER]", "Log in to a registry", 0, 1, """
                -p, --password string | Password or access token
                --password-stdin | Read the password from standard input
                -u, --username string | User name
                """, Logins::login);
    }

    private static int login(Session session, Arguments arguments) throws IOException {
        String server = Credentials.key(arguments.operands().isEmpty() ? "" : arguments.operand(0));
        String username = arguments.text("username", "");
        String password = arguments.text("password", "");
        if (!password.isEmpty()) {
            session.err().println("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
        }
        if (arguments.is("password-stdin")) {
            if (!password.isEmpty()) {
                throw new Failure(1, "--password and --password-stdin are mutually exclusive");
            }
            if (username.isEmpty()) {
                throw new Failure(1, "Must provide --username with --password-stdin");
            }
            password = new String(session.in().readAllBytes(), StandardCharsets.UTF_8).replaceFirst("\r?\n$", "");
        }
        Credentials credentials = session.credentials();
        Credential known = credentials.find(server);
        if (username.isEmpty() && password.isEmpty() && !known.isEmpty()) {
            username = known.username();
            password = known.password();
            session.out().println("Authenticating with existing credentials... [Username: " + username + "]");
        }
        if (username.isEmpty() || password.isEmpty()) {
            Optional<Terminal> terminal = Terminal.of(0);
            if (terminal.isEmpty()) {
                throw new Failure(1, "Error: Cannot perform an interactive login from a non TTY device");
            }
            if (username.isEmpty()) {
                username = prompt(session, "Username: ");
            }
            Terminal.Mode silent = terminal.get().withoutEcho();
            try {
                password = prompt(session, "Password: ");
            } finally {
                silent.close();
            }
            session.out().println();
        }
        return store(session, credentials, new Credential(username, password, "", server));
    }

    private static int store(Session session, Credentials credentials, Credential credential) throws IOException {
        Json answer = session.engine().post("/auth", credential.document().value());
        String token = answer.text("IdentityToken");
        Credential proven =
                token.isEmpty() ? credential : new Credential(credential.username(), "", token, credential.server());
        if (credentials.store(proven)) {
            session.err()
                    .println("\nWARNING! Your credentials are stored unencrypted in '"
                            + session.configDirectory().resolve("config.json") + "'.\n"
                            + "Configure a credential helper (credsStore) to keep them elsewhere.\n");
        }
        String status = answer.text("Status");
        session.out().println(status.isEmpty() ? "Login Succeeded" : status);
        return 0;
    }

    // read by single bytes: what follows the line must stay for the next question
    private static String prompt(Session session, String question) throws IOException {
        session.out().print(question);
        session.out().flush();
        InputStream in = session.in();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.write(c);
        }
        String text = line.toString(StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new Failure(
                    1, "Error: " + question.replace(": ", "").toLowerCase(java.util.Locale.ROOT) + " is required");
        }
        return text;
    }

    static Command logout() {
        return new Command("[SERVER]", "Log out from a registry", 0, 1, "", (session, arguments) -> {
            String given = arguments.operands().isEmpty() ? "" : arguments.operand(0);
            String server = Credentials.key(given);
            session.out().println("Removing login credentials for " + server);
            if (!session.credentials().erase(server)) {
                session.out().println("Not logged in to " + server);
            }
            return 0;
        });
    }
}

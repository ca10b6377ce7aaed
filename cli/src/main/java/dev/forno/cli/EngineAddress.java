package dev.forno.cli;

import dev.forno.http.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine is: the option, {@code FORNO_HOST}, {@code FORNO_SOCKET}, the configuration file, or the default.
 *
 * @param endpoint the address
 * @param explicit whether a host was named, so that it is not this program's business to start an engine there
 */
record EngineAddress(Endpoint endpoint, boolean explicit) {
    private static final String CONFIG = "/etc/forno/forno.conf";
    private static final String SOCKET = "/run/forno/forno.sock";

    static EngineAddress find(@Nullable String host) throws IOException {
        String named = host == null ? setting("FORNO_HOST") : host;
        if (!named.isEmpty()) {
            return new EngineAddress(parse(named), true);
        }
        String socket = configured("socket", SOCKET);
        return new EngineAddress(parse(socket), false);
    }

    /** A setting of the engine: {@code FORNO_KEY}, the line of the configuration file, or the default. */
    static String configured(String key, String otherwise) throws IOException {
        String value = setting("FORNO_" + key.toUpperCase(java.util.Locale.ROOT));
        if (!value.isEmpty()) {
            return value;
        }
        String named = setting("FORNO_CONFIG");
        Path file = Path.of(named.isEmpty() ? CONFIG : named);
        if (Files.isRegularFile(file)) {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0 && line.substring(0, equals).strip().equals(key)) {
                    return line.substring(equals + 1).strip();
                }
            }
        }
        return otherwise;
    }

    private static String setting(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    private static Endpoint parse(String text) {
        return Endpoint.parse(text.startsWith("/") ? "unix://" + text : text);
    }
}

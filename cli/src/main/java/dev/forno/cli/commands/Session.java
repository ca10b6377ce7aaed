package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.credentials.ClientConfig;
import dev.forno.cli.credentials.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;

/**
 * What a command works with.
 *
 * @param engine the engine
 * @param configDirectory where the client's configuration is
 * @param in standard input
 * @param out standard output; flushed by the program at its end
 * @param err standard error, unbuffered
 * @param clock the time
 * @param zone the zone for printed times
 */
public record Session(
        Engine engine,
        Path configDirectory,
        InputStream in,
        PrintStream out,
        PrintStream err,
        InstantSource clock,
        ZoneId zone) {

    /** The credentials of registries. */
    public Credentials credentials() throws IOException {
        return new Credentials(ClientConfig.read(configDirectory));
    }

    /** The current time. */
    public Instant now() {
        return clock.instant();
    }
}

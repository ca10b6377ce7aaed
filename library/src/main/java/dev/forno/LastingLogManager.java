package dev.forno;

import java.util.logging.LogManager;

/**
 * Keeps the handlers for as long as the process lives. The JDK's own takes them away as soon as the process is told to
 * stop, and with them whatever is logged while the engine stops. Public because the JDK makes it.
 */
public final class LastingLogManager extends LogManager {
    /** For the JDK. */
    public LastingLogManager() {}

    /** Does nothing: the JDK calls it first thing at shutdown. */
    @Override
    public void reset() {}
}

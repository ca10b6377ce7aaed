package dev.forno;

import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends the process's log to standard error, one line a record, until the process has ended. For the daemons only, whose
 * loggers come from here: a library leaves logging alone.
 */
final class Logs {
    private static final String MANAGER = "java.util.logging.manager";

    private Logs() {}

    /** The logger of a main class. To be asked for before anything logs: the kind of logging can't be changed later. */
    static System.Logger of(Class<?> main) {
        if (System.getProperty(MANAGER) == null) {
            System.setProperty(MANAGER, LastingLogManager.class.getName());
        }
        return System.getLogger(main.getName());
    }

    static void configure(String level) {
        Level threshold =
                switch (level) {
                    case "error" -> Level.SEVERE;
                    case "warn" -> Level.WARNING;
                    case "debug" -> Level.FINE;
                    default -> Level.INFO;
                };
        Handler handler = new ConsoleHandler();
        handler.setLevel(threshold);
        handler.setFormatter(new OneLineFormatter(level.equals("debug")));
        Logger root = Logger.getLogger("");
        for (Handler usual : root.getHandlers()) {
            root.removeHandler(usual);
        }
        root.setLevel(threshold);
        root.addHandler(handler);
    }
}

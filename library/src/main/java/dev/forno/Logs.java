package dev.forno;

import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Sends the process's log to standard error, one line a record. For the daemon only: a library leaves logging alone. */
final class Logs {
    private static final Logger ROOT = Logger.getLogger("");

    private Logs() {}

    static void configure(String level) {
        LogManager.getLogManager().reset();
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
        ROOT.setLevel(threshold);
        ROOT.addHandler(handler);
    }
}

package dev.forno;

import dev.forno.oci.FornoException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Log records as one line each: time, level, message; the failure behind it only for debugging. */
final class OneLineFormatter extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final boolean causes;

    OneLineFormatter(boolean causes) {
        this.causes = causes;
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder(TIME.format(record.getInstant()))
                .append(' ')
                .append(word(record.getLevel()))
                .append(' ')
                .append(formatMessage(record).replace('\n', ' '));
        Throwable thrown = record.getThrown();
        if (thrown != null && (causes || thrown.getMessage() == null || !isExpected(thrown))) {
            line.append(" | ").append(thrown);
            for (StackTraceElement frame : thrown.getStackTrace()) {
                line.append(" < ").append(frame);
            }
            for (Throwable c = thrown.getCause(); c != null; c = c.getCause()) {
                line.append(" | cause ").append(c);
            }
        }
        return line.append(System.lineSeparator()).toString();
    }

    private static boolean isExpected(Throwable thrown) {
        return thrown instanceof FornoException;
    }

    private static String word(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }
}

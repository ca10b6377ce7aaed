package dev.forno.engine.containers;

import dev.forno.engine.containers.HostOptions.LogOptions;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Logging;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What log options mean: whether a log is kept, and when it is rotated. */
record LogChoice(boolean kept, long maxBytes, int maxFiles) {
    private static final Set<String> LATER =
            Set.of("labels", "labels-regex", "env", "env-regex", "tag", "compress", "mode", "max-buffer-size");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmgt]?)i?b?");

    /** Reads the options; throws {@link ErrorKind#INVALID_ARGUMENT} or {@link ErrorKind#NOT_IMPLEMENTED}. */
    static LogChoice of(LogOptions log) {
        if (log.driver().equals("none")) {
            return new LogChoice(false, 0, 0);
        }
        long bytes = Logging.DEFAULT_MAX_BYTES;
        int files = Logging.DEFAULT_MAX_FILES;
        for (Map.Entry<String, String> option : log.options().entrySet()) {
            switch (option.getKey()) {
                case "max-size" -> bytes = bytes(option.getValue());
                case "max-file" -> files = files(option.getValue());
                default -> throw refused(log.driver(), option.getKey());
            }
        }
        return new LogChoice(true, bytes, files);
    }

    /** The runtime's words for it. */
    Logging logging(Path file) {
        return kept ? new Logging.File(file, maxBytes, maxFiles) : Logging.NONE;
    }

    private static long bytes(String text) {
        Matcher m = SIZE.matcher(text.toLowerCase(Locale.ROOT).strip());
        if (text.equals("-1")) {
            return 0;
        }
        if (!m.matches()) {
            throw OptionChecks.invalid("invalid size: '" + text + "'");
        }
        long unit =
                switch (m.group(2)) {
                    case "k" -> 1L << 10;
                    case "m" -> 1L << 20;
                    case "g" -> 1L << 30;
                    case "t" -> 1L << 40;
                    default -> 1;
                };
        return Long.parseLong(m.group(1)) * unit;
    }

    private static int files(String text) {
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw OptionChecks.invalid("max-file cannot be less than 1, it is '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static FornoException refused(String driver, String option) {
        String name = driver.isEmpty() ? "json-file" : driver;
        return LATER.contains(option)
                ? new FornoException(
                        ErrorKind.NOT_IMPLEMENTED,
                        "create container: log option '" + option + "' is not supported by Forno yet")
                : OptionChecks.invalid("unknown log opt '" + option + "' for " + name + " log driver");
    }
}

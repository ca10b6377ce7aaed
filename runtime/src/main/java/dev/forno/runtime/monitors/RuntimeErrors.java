package dev.forno.runtime.monitors;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.StartFailure;
import java.util.Locale;

/** Turns what the OCI runtime says into Docker's texts and exit codes, which its clients match on. */
public final class RuntimeErrors {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int UNKNOWN = 128;

    private RuntimeErrors() {}

    /**
     * The failure of a call of the runtime.
     *
     * @param verb {@code create}, {@code start}, {@code exec}, {@code pause}, …
     * @param said what the runtime wrote to its standard error
     */
    public static FornoException of(String verb, String id, String said) {
        String reason = reason(said);
        return switch (verb) {
            case "create" ->
                startFailure(
                        "failed to create task for container: failed to create shim task: OCI runtime create failed: "
                                + reason + ": unknown");
            case "start" ->
                startFailure("failed to start task for container: OCI runtime start failed: " + reason + ": unknown");
            case "exec" -> startFailure("OCI runtime exec failed: " + reason + ": unknown");
            default ->
                new FornoException(
                        ErrorKind.INTERNAL,
                        "cannot " + verb + " container: " + id + ": OCI runtime " + verb + " failed: " + reason
                                + ": unknown");
        };
    }

    private static FornoException startFailure(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied")) {
            return failure(message, NOT_EXECUTABLE);
        }
        if (lower.contains("is a directory")) {
            // clients look for "permission denied" to tell 126 from 125
            return failure(message + ": permission denied", NOT_EXECUTABLE);
        }
        if (lower.contains("not a directory")) {
            return failure(
                    message
                            + ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified"
                            + " host path exists and is the expected type",
                    NOT_FOUND);
        }
        if (lower.contains("executable file not found")
                || lower.contains("no such file or directory")
                || lower.contains("executable file `")) {
            return failure(message, NOT_FOUND);
        }
        return new FornoException(ErrorKind.INTERNAL, message, new StartFailure(message, UNKNOWN));
    }

    private static FornoException failure(String message, int exitCode) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, message, new StartFailure(message, exitCode));
    }

    /** The last line that is not a log line: runtimes log before they say why they failed. */
    private static String reason(String said) {
        String reason = "";
        for (String line : said.lines().toList()) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("time=\"") && !text.startsWith("{\"")) {
                reason = reason.isEmpty() || !text.startsWith("exec ") ? text : reason;
            }
        }
        return reason.isEmpty() ? said.strip() : reason;
    }
}

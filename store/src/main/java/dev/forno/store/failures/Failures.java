package dev.forno.store.failures;

import dev.forno.linux.files.FullDisk;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Translates what a disk reports into what a user can act on. */
public final class Failures {
    private Failures() {}

    /**
     * The exception for a failed step.
     *
     * @param step verb and object, as {@code "write blob sha256:…"}
     */
    public static FornoException of(String step, IOException cause) {
        if (cause.getCause() instanceof FornoException wrapped) {
            return wrapped;
        }
        if (isFull(cause)) {
            return new FornoException(ErrorKind.RESOURCE_EXHAUSTED, FullDisk.message(step, cause), cause);
        }
        ErrorKind kind = cause instanceof ClosedByInterruptException ? ErrorKind.CANCELLED : ErrorKind.INTERNAL;
        return new FornoException(kind, step + ": " + reason(cause), cause);
    }

    /** Whether the failure is a full disk or an exhausted quota. */
    public static boolean isFull(IOException cause) {
        return FullDisk.isCauseOf(cause);
    }

    /** The cancellation of a step whose thread was interrupted; the interrupt stays set. */
    public static FornoException cancelled(String step) {
        Thread.currentThread().interrupt();
        return new FornoException(ErrorKind.CANCELLED, step + ": cancelled");
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}

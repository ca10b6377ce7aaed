package dev.forno.runtime.monitors;

import dev.forno.linux.ErrnoException;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;

/** The size of a terminal that a monitor holds. */
final class Terminals {
    /** The monitor accepts no more. */
    private static final int MAX = 1000;

    private Terminals() {}

    static void resize(Control control, String what, int rows, int columns) {
        if (rows < 0 || columns < 0) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "resize " + what + ": invalid size " + rows + "x" + columns);
        }
        try {
            control.resize(Math.min(rows, MAX), Math.min(columns, MAX));
        } catch (ErrnoException e) {
            String why = e.errno() == ErrnoException.EAGAIN
                    ? "its monitor does not take requests now, try again"
                    : "it is not running";
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "resize " + what + ": " + why, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "resize " + what + ": interrupted", e);
        }
    }
}

package dev.forno.oci;

import java.util.EnumSet;
import java.util.Set;

/** What a parser of foreign bytes may answer; everything else is a defect. */
final class Refusal {
    private static final Set<ErrorKind> OF_INPUT = EnumSet.of(ErrorKind.INVALID_ARGUMENT, ErrorKind.NOT_IMPLEMENTED);

    private Refusal() {}

    static void expected(FornoException e) {
        check(OF_INPUT.contains(e.kind()), "a refusal of the kind " + e.kind() + ": " + e.getMessage());
        check(e.getMessage().length() < 10_000, "an endless message");
    }

    static void present(Object value) {
        check(value != null, "a null");
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

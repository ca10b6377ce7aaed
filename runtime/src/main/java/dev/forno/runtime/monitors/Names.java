package dev.forno.runtime.monitors;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.regex.Pattern;

/** Ids that become file names. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");

    private Names() {}

    static String checked(String id) {
        if (!NAME.matcher(id).matches()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid id \"" + id + "\"");
        }
        return id;
    }
}

package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence of keys that ends an attachment, as {@code ctrl-p,ctrl-q}.
 *
 * @param bytes what a terminal sends for each
 */
record DetachKeys(List<Byte> bytes) {
    private static final String DEFAULT = "ctrl-p,ctrl-q";

    /** Parses the sequence, empty for the default; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    static DetachKeys parse(String text) {
        List<Byte> bytes = new ArrayList<>();
        for (String key : (text.isEmpty() ? DEFAULT : text).split(",", -1)) {
            bytes.add(key(key));
        }
        return new DetachKeys(List.copyOf(bytes));
    }

    private static byte key(String key) {
        if (key.length() == 1 && key.charAt(0) < 128) {
            return (byte) key.charAt(0);
        }
        if (key.length() == 6 && key.startsWith("ctrl-")) {
            char c = key.charAt(5);
            if (c >= 'a' && c <= 'z') {
                return (byte) (c - 'a' + 1);
            }
            int special = "@[\\]^_".indexOf(c);
            if (special >= 0) {
                return (byte) (special == 0 ? 0 : 26 + special);
            }
        }
        throw new FornoException(ErrorKind.INVALID_ARGUMENT, "Unknown character: '" + key + "'");
    }
}

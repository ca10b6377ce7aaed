package dev.forno.cli.streams;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * Finds the key sequence that leaves a terminal, {@code ctrl-p,ctrl-q} by default. Bytes of a sequence that does not come
 * to its end are passed on. Not thread-safe.
 */
public final class DetachKeys {
    /** What leaves a terminal unless said otherwise. */
    public static final String DEFAULT = "ctrl-p,ctrl-q";

    private final byte[] sequence;
    private int matched;

    private DetachKeys(byte[] sequence) {
        this.sequence = sequence;
    }

    /**
     * Reads {@code ctrl-p,ctrl-q}: keys separated by commas, each a character or {@code ctrl-} with {@code a-z @ [ \ ] ^ _}.
     *
     * @throws IllegalArgumentException when a key is none of these
     */
    public static DetachKeys parse(String text) {
        String[] keys = text.split(",", -1);
        byte[] sequence = new byte[keys.length];
        for (int i = 0; i < keys.length; i++) {
            sequence[i] = key(keys[i]);
        }
        return new DetachKeys(sequence);
    }

    private static byte key(String key) {
        if (key.length() == 1 && key.charAt(0) < 0x80) {
            return (byte) key.charAt(0);
        }
        String control = key.toLowerCase(Locale.ROOT);
        if (control.length() == 6 && control.startsWith("ctrl-")) {
            char c = Character.toUpperCase(control.charAt(5));
            if (c >= '@' && c <= '_') {
                return (byte) (c - '@');
            }
        }
        throw new IllegalArgumentException("invalid detach keys provided: unknown character: '" + key + "'");
    }

    /** Whether the sequence has been completed. */
    public boolean complete() {
        return matched == sequence.length;
    }

    /** The bytes to pass on out of those read; stops at the end of the sequence. */
    public byte[] filter(byte[] bytes, int count) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream(count + matched);
        for (int i = 0; i < count && !complete(); i++) {
            if (bytes[i] == sequence[matched]) {
                matched++;
                continue;
            }
            passed.write(sequence, 0, matched);
            matched = bytes[i] == sequence[0] ? 1 : 0;
            if (matched == 0) {
                passed.write(bytes[i]);
            }
        }
        return passed.toByteArray();
    }
}

package dev.forno.store.snapshots;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * The attributes of the root directory.
 *
 * @param mode the permission bits with setuid, setgid and sticky
 */
record RootAttributes(int mode, int uid, int gid, Instant modified) {
    String write() {
        return Integer.toOctalString(mode) + " " + uid + " " + gid + " " + modified.getEpochSecond() + " "
                + modified.getNano();
    }

    /** Throws {@link IllegalArgumentException} for what {@link #write} doesn't write. */
    static RootAttributes read(String text) {
        String[] fields = text.split(" ");
        if (fields.length != 5) {
            throw new IllegalArgumentException("not five attributes");
        }
        return new RootAttributes(
                Integer.parseInt(fields[0], 8),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                time(Long.parseLong(fields[3]), Integer.parseInt(fields[4])));
    }

    private static Instant time(long seconds, int nanos) {
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("an impossible time", e);
        }
    }
}

package dev.forno.store.snapshots;

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

    static RootAttributes read(String text) {
        String[] fields = text.split(" ");
        return new RootAttributes(
                Integer.parseInt(fields[0], 8),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Instant.ofEpochSecond(Long.parseLong(fields[3]), Long.parseLong(fields[4])));
    }
}

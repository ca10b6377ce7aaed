package dev.forno.linux.mounts;

import java.nio.file.Path;
import java.util.List;

/**
 * One line of {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)).
 *
 * @param root the directory of the file system that is mounted
 * @param options the options of this mount, such as {@code rw,relatime}
 * @param propagation the optional fields, such as {@code shared:3}
 * @param source the device, or what the file system says instead
 * @param fileSystemOptions the options of the file system
 */
public record Mount(
        int id,
        int parentId,
        int major,
        int minor,
        String root,
        Path target,
        String options,
        List<String> propagation,
        String type,
        String source,
        String fileSystemOptions) {
    /** Reads a line; throws {@link IllegalArgumentException} when it isn't one of mountinfo. */
    static Mount parse(String line) {
        String[] fields = line.split(" ");
        int dash = 6;
        while (dash < fields.length && !fields[dash].equals("-")) {
            dash++;
        }
        if (fields.length < dash + 3) {
            throw new IllegalArgumentException("not a line of mountinfo: " + line);
        }
        String[] device = fields[2].split(":");
        return new Mount(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                Integer.parseInt(device[0]),
                Integer.parseInt(device[1]),
                unescape(fields[3]),
                Path.of(unescape(fields[4])),
                fields[5],
                List.of(fields).subList(6, dash),
                fields[dash + 1],
                unescape(fields[dash + 2]),
                fields.length > dash + 3 ? fields[dash + 3] : "");
    }

    /** Space, tab, newline and backslash are written as three octal digits. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}

package dev.forno.build.copies;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Who owns copied files. */
public record Owner(int uid, int gid) {
    /** The owner without {@code --chown}. */
    public static final Owner ROOT = new Owner(0, 0);

    private static final int MAX_FILE = 8 << 20;

    /**
     * Resolves {@code --chown}'s {@code user[:group]}, names by the files of the image. A user name without group gets its
     * primary group, a number the group of that number. Throws {@link ErrorKind#INVALID_ARGUMENT}.
     */
    public static Owner parse(String chown, Root rootfs) {
        int colon = chown.indexOf(':');
        String user = colon < 0 ? chown : chown.substring(0, colon);
        String group = colon < 0 ? null : chown.substring(colon + 1);
        if (user.isEmpty() && (group == null || group.isEmpty())) {
            throw invalid(chown, "expected user[:group]");
        }
        Integer uid = user.isEmpty() ? Integer.valueOf(0) : number(user);
        Integer primary = uid;
        if (uid == null) {
            String[] entry = find(rootfs, "/etc/passwd", user, 4);
            if (entry == null) {
                throw invalid(chown, "no such user: " + user);
            }
            uid = required(entry[2], chown);
            primary = required(entry[3], chown);
        }
        if (group == null || group.isEmpty()) {
            return new Owner(uid, primary == null ? 0 : primary);
        }
        Integer gid = number(group);
        if (gid == null) {
            String[] entry = find(rootfs, "/etc/group", group, 3);
            if (entry == null) {
                throw invalid(chown, "no such group: " + group);
            }
            gid = required(entry[2], chown);
        }
        return new Owner(uid, gid);
    }

    private static String @Nullable [] find(Root rootfs, String file, String name, int fields) {
        String text;
        try {
            text = new String(rootfs.readAll(file, MAX_FILE), StandardCharsets.UTF_8);
        } catch (ErrnoException e) {
            return null;
        }
        return text.lines()
                .map(line -> line.split(":", -1))
                .filter(entry -> entry.length >= fields && entry[0].equals(name))
                .findFirst()
                .orElse(null);
    }

    private static int required(String text, String chown) {
        Integer number = number(text);
        if (number == null) {
            throw invalid(chown, "the image's user database is malformed");
        }
        return number;
    }

    private static @Nullable Integer number(String text) {
        if (!text.matches("[0-9]{1,10}")) {
            return null;
        }
        long value = Long.parseLong(text);
        return value <= Integer.MAX_VALUE ? (int) value : null;
    }

    private static FornoException invalid(String chown, String reason) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "unable to convert uid/gid chown string \"" + chown + "\" to host mapping: " + reason);
    }
}

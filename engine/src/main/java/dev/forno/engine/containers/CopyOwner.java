package dev.forno.engine.containers;

import dev.forno.engine.containers.FileAccess.View;
import dev.forno.linux.ErrnoException;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** The owner of copied files when the client asks for the container's own user: found in the container's passwd file. */
final class CopyOwner {
    private static final int MAX_PASSWD = 1 << 20;

    private CopyOwner() {}

    /** What makes every entry the container's user's. */
    static Function<TarEntry, Optional<TarEntry>> of(View view, Container c) {
        String user = c.config().user();
        String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
        if (name.isEmpty()) {
            return entry -> Optional.of(entry.withOwner(0, 0));
        }
        int[] ids = lookUp(view, name);
        return entry -> Optional.of(entry.withOwner(ids[0], ids[1]));
    }

    private static int[] lookUp(View view, String name) {
        for (String line : passwd(view).split("\n", -1)) {
            String[] fields = line.split(":", -1);
            if (fields.length > 3
                    && (fields[0].equals(name) || fields[2].equals(name))
                    && fields[2].matches("\\d{1,9}")
                    && fields[3].matches("\\d{1,9}")) {
                return new int[] {Integer.parseInt(fields[2]), Integer.parseInt(fields[3])};
            }
        }
        if (name.matches("\\d{1,9}")) {
            return new int[] {Integer.parseInt(name), 0};
        }
        throw new FornoException(
                ErrorKind.INVALID_ARGUMENT, "unable to find user " + name + ": no matching entries in passwd file");
    }

    private static String passwd(View view) {
        try {
            return new String(view.root().readAll("/etc/passwd", MAX_PASSWD), StandardCharsets.UTF_8);
        } catch (ErrnoException e) {
            return ""; // an image without users: only numbers can be meant
        }
    }
}

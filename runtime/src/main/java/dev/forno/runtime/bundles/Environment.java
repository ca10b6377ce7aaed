package dev.forno.runtime.bundles;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A process' environment. HOME is the OCI runtime's affair: it knows the user. */
public final class Environment {
    /** Where commands are looked for when nobody says. */
    public static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Environment() {}

    /** Docker's order: PATH, HOSTNAME, TERM, then what is given; a value given later replaces in place, a bare name removes. */
    static List<String> of(String hostname, boolean terminal, List<String> given) {
        Map<String, String> entries = new LinkedHashMap<>();
        set(entries, "PATH=" + DEFAULT_PATH);
        set(entries, "HOSTNAME=" + hostname);
        if (terminal) {
            set(entries, "TERM=xterm");
        }
        given.forEach(entry -> set(entries, entry));
        return List.copyOf(entries.values());
    }

    /** The environment of a further process. */
    public static List<String> extended(Collection<String> base, boolean terminal, List<String> given) {
        Map<String, String> entries = new LinkedHashMap<>();
        base.forEach(entry -> set(entries, entry));
        if (terminal) {
            entries.putIfAbsent("TERM", "TERM=xterm");
        }
        given.forEach(entry -> set(entries, entry));
        return List.copyOf(entries.values());
    }

    private static void set(Map<String, String> entries, String entry) {
        int equals = entry.indexOf('=');
        if (equals < 0) {
            entries.remove(entry);
        } else {
            entries.put(entry.substring(0, equals), entry);
        }
    }
}

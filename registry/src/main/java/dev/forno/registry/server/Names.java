package dev.forno.registry.server;

import dev.forno.oci.Digest;
import dev.forno.oci.FornoException;
import java.util.regex.Pattern;

/** Reads the names in requests (distribution spec, "Pulling manifests"). */
final class Names {
    private static final int LONGEST = 255;
    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+";
    private static final Pattern REPOSITORY = Pattern.compile(PART + "(?:/" + PART + ")*+");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

    private Names() {}

    static String repository(String text) {
        if (text.length() > LONGEST || !REPOSITORY.matcher(text).matches()) {
            throw new RegistryError(ErrorCode.NAME_INVALID, "invalid repository name \"" + shown(text) + "\"");
        }
        return text;
    }

    static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (FornoException e) {
            throw new RegistryError(ErrorCode.DIGEST_INVALID, e.getMessage());
        }
    }

    /** Whether what names a manifest is a digest. */
    static boolean isDigest(String reference) {
        return reference.indexOf(':') >= 0;
    }

    static String tag(String text) {
        if (!TAG.matcher(text).matches()) {
            throw new RegistryError(ErrorCode.MANIFEST_INVALID, "invalid tag \"" + shown(text) + "\"");
        }
        return text;
    }

    private static String shown(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}

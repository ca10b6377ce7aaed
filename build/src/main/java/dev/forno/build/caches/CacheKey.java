package dev.forno.build.caches;

import dev.forno.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Makes cache keys. */
public final class CacheKey {
    private static final String VERSION = "forno-build-1";

    private CacheKey() {}

    /** The key of a step on an image: no two different sequences of parts have the same. */
    public static Digest of(String parent, List<String> parts) {
        MessageDigest hash = Digest.newSha256();
        add(hash, VERSION);
        add(hash, parent);
        parts.forEach(part -> add(hash, part));
        return Digest.of(hash.digest(), Digest.SHA256);
    }

    private static void add(MessageDigest hash, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        hash.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        hash.update(bytes);
    }
}

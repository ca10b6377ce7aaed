package dev.forno.registry.certificates;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom a TLS connection trusts, and what it shows.
 *
 * @param authorities files of certificates (PEM) that are trusted besides the system's
 * @param keys the client's certificates with their keys
 * @param verified false when any certificate will do
 * @param changed another number when one of the files has changed, so that changed files make another value
 */
public record Trust(List<Path> authorities, List<KeyFiles> keys, boolean verified, long changed) {
    /** The system's authorities alone. */
    public static final Trust SYSTEM = new Trust(List.of(), List.of(), true, 0);

    /** A certificate chain and its private key, both PEM, possibly in one file. */
    public record KeyFiles(Path certificate, Path key) {}

    /** The same, but any certificate will do. */
    public Trust unverified() {
        return new Trust(authorities, keys, false, changed);
    }

    /** The same without the client's own certificates, for another host. */
    public Trust withoutKeys() {
        return new Trust(authorities, List.of(), verified, changed);
    }

    /** The files of both. */
    public Trust and(Trust other) {
        List<Path> allAuthorities = new ArrayList<>(authorities);
        allAuthorities.addAll(other.authorities);
        List<KeyFiles> allKeys = new ArrayList<>(keys);
        allKeys.addAll(other.keys);
        return new Trust(
                List.copyOf(allAuthorities),
                List.copyOf(allKeys),
                verified && other.verified,
                31 * changed + other.changed);
    }
}

package dev.forno.registry.client;

import dev.forno.registry.hosts.Host;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A registry in this same process. It is shown a key with every request; then it takes blobs that this process has without
 * their being sent.
 *
 * @param addresses as references spell it, {@code host:port}
 * @param key a secret of this process
 */
public record OwnRegistry(Set<String> addresses, String key) {
    /** The header that carries the key. */
    public static final String HEADER = "forno-engine-key";

    /** There is none. */
    public static final OwnRegistry NONE = new OwnRegistry(Set.of(), "");

    /** The host with the key when it is ours. */
    Host introduce(Host host) {
        if (host.mirror() || !addresses.contains(host.name())) {
            return host;
        }
        Map<String, String> headers = new HashMap<>(host.headers());
        headers.put(HEADER, key);
        return new Host(
                host.name(),
                host.bases(),
                host.root(),
                host.repository(),
                host.namespace(),
                host.capabilities(),
                host.trust(),
                Map.copyOf(headers),
                false);
    }

    /** Whether a host has been shown the key. */
    static boolean knows(Host host) {
        return host.headers().containsKey(HEADER);
    }

    /** Hides the key. */
    @Override
    public String toString() {
        return "OwnRegistry" + addresses;
    }
}

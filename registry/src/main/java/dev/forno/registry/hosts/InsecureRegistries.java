package dev.forno.registry.hosts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Registries whose certificates aren't checked and which may speak plain HTTP: hosts, hosts with port, and networks. */
public final class InsecureRegistries {
    private final Set<String> names = new HashSet<>();
    private final List<AddressRange> ranges = new ArrayList<>();

    /** Reads entries as {@code host}, {@code host:port} or {@code 10.0.0.0/8}; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public InsecureRegistries(Set<String> entries) {
        for (String entry : entries) {
            String text = entry.replaceFirst("^https?://", "").replaceFirst("/$", "");
            if (text.contains("/")) {
                ranges.add(AddressRange.parse(text)
                        .orElseThrow(() -> new FornoException(
                                ErrorKind.INVALID_ARGUMENT,
                                "read insecure registry \"" + entry
                                        + "\": expected a host, a host with a port, or a network as 10.0.0.0/8")));
            } else {
                names.add(text.toLowerCase(Locale.ROOT));
            }
        }
    }

    /** Whether {@code host[:port]} is one. A name is looked up only when there are networks to compare with. */
    public boolean contains(String registry) {
        String lower = registry.toLowerCase(Locale.ROOT);
        URI uri = Addresses.uri("http", registry);
        if (names.contains(lower) || names.contains(uri.getHost().toLowerCase(Locale.ROOT))) {
            return true;
        }
        if (ranges.isEmpty()) {
            return false;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
                if (ranges.stream().anyMatch(range -> range.contains(address))) {
                    return true;
                }
            }
        } catch (UnknownHostException e) {
            // The request itself will tell.
            return false;
        }
        return false;
    }
}

package dev.forno.registry.proxies;

import dev.forno.registry.hosts.AddressRange;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where requests go without proxy ({@code NO_PROXY}): {@code *}, addresses, networks, {@code domain} (itself and all below),
 * {@code .domain} and {@code *.domain} (all below it), each but the network possibly with a port. Names are not looked up.
 */
record Bypass(boolean everything, List<Entry> entries, List<AddressRange> ranges) {
    /**
     * One name or address.
     *
     * @param below whether only names below it are meant
     * @param port empty for any
     */
    record Entry(String name, boolean below, String port) {}

    static Bypass parse(String text) {
        List<Entry> entries = new ArrayList<>();
        List<AddressRange> ranges = new ArrayList<>();
        boolean everything = false;
        for (String word : text.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            everything |= word.equals("*");
            Optional<AddressRange> range = AddressRange.parse(word);
            if (range.isPresent()) {
                ranges.add(range.get());
            } else if (!word.isEmpty()) {
                entries.add(entry(word));
            }
        }
        return new Bypass(everything, List.copyOf(entries), List.copyOf(ranges));
    }

    private static Entry entry(String word) {
        int colon = word.lastIndexOf(':');
        boolean hasPort = colon > 0
                && word.substring(colon + 1).matches("[0-9]+")
                && !word.substring(0, colon).matches("[^\\[]*:.*");
        String name = unbracketed(hasPort ? word.substring(0, colon) : word);
        String port = hasPort ? word.substring(colon + 1) : "";
        String bare = name.startsWith("*.") ? name.substring(1) : name;
        return bare.startsWith(".") ? new Entry(bare.substring(1), true, port) : new Entry(bare, false, port);
    }

    boolean covers(URI uri) {
        if (everything) {
            return true;
        }
        String host = unbracketed(String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT));
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        return entries.stream().anyMatch(entry -> covers(entry, host, Integer.toString(port))) || inRange(host);
    }

    private static boolean covers(Entry entry, String host, String port) {
        boolean named = host.endsWith("." + entry.name()) || (!entry.below() && host.equals(entry.name()));
        return named && (entry.port().isEmpty() || entry.port().equals(port));
    }

    private boolean inRange(String host) {
        if (ranges.isEmpty()) {
            return false;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            return ranges.stream().anyMatch(range -> range.contains(address));
        } catch (IllegalArgumentException e) {
            // A name, which belongs to no network here.
            return false;
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}

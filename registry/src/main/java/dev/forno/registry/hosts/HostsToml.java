package dev.forno.registry.hosts;

import dev.forno.registry.certificates.CertificateFolders;
import dev.forno.registry.certificates.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A registry's {@code hosts.toml} (containerd's {@code docs/hosts.md}).
 *
 * @param mirrors in the order of the file
 * @param server the registry itself; its address is empty when the file names none
 */
record HostsToml(List<Entry> mirrors, Entry server) {
    /**
     * One host table.
     *
     * @param address with scheme, host and possibly a path
     * @param overridesPath whether the path is complete, without {@code /v2}
     */
    record Entry(
            URI address,
            Set<Capability> capabilities,
            boolean overridesPath,
            Trust trust,
            Map<String, String> headers) {}

    static HostsToml read(Path file) {
        TomlFile toml = TomlFile.read(file);
        List<Entry> mirrors = new ArrayList<>();
        TomlFile hosts = toml.table("host");
        for (String address : hosts.keys()) {
            mirrors.add(entry(address(toml, "host", address), hosts.table(address)));
        }
        return new HostsToml(List.copyOf(mirrors), entry(address(toml, "server", toml.text("server")), toml));
    }

    private static Entry entry(URI address, TomlFile table) {
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        for (String name : table.texts("capabilities")) {
            switch (name) {
                case "pull" -> capabilities.add(Capability.PULL);
                case "resolve" -> capabilities.add(Capability.RESOLVE);
                case "push" -> capabilities.add(Capability.PUSH);
                default -> throw table.expected("capabilities", "pull, resolve and push");
            }
        }
        if (!table.has("capabilities")) {
            capabilities = EnumSet.allOf(Capability.class);
        }
        return new Entry(
                address,
                Set.copyOf(capabilities),
                table.flag("override_path"),
                trust(table),
                headers(table.table("header")));
    }

    private static URI address(TomlFile toml, String key, String text) {
        if (text.isEmpty()) {
            return URI.create("");
        }
        try {
            URI uri = URI.create(text.contains("://") ? text : "https://" + text);
            boolean known = uri.getScheme().equals("https") || uri.getScheme().equals("http");
            if (known && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw toml.expected(key, "an address, not " + text);
        }
        throw toml.expected(key, "an address, not " + text);
    }

    private static Trust trust(TomlFile table) {
        List<Path> authorities =
                table.texts("ca").stream().map(text -> path(table, text)).toList();
        List<Trust.KeyFiles> keys = new ArrayList<>();
        if (table.has("client")) {
            List<?> client = clients(table);
            boolean pair = client.size() == 2 && client.stream().allMatch(String.class::isInstance);
            for (Object one : pair ? List.of(client) : client) {
                keys.add(keyFiles(table, one));
            }
        }
        Trust trust = new Trust(authorities, List.copyOf(keys), true, CertificateFolders.stamp(authorities, keys));
        return table.flag("skip_verify") ? trust.unverified() : trust;
    }

    /** A file, a pair of files, or an array of these. */
    private static List<?> clients(TomlFile table) {
        return table.isText("client") ? List.of(table.text("client")) : table.list("client");
    }

    private static Trust.KeyFiles keyFiles(TomlFile table, Object entry) {
        return switch (entry) {
            case String both -> new Trust.KeyFiles(path(table, both), path(table, both));
            case List<?> pair
            when pair.size() == 2 && pair.get(0) instanceof String certificate && pair.get(1) instanceof String key ->
                new Trust.KeyFiles(path(table, certificate), path(table, key.isEmpty() ? certificate : key));
            default -> throw table.expected("client", "a file, or pairs of certificate and key");
        };
    }

    private static Map<String, String> headers(TomlFile table) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : table.keys()) {
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", table.texts(name)));
        }
        return Map.copyOf(headers);
    }

    private static Path path(TomlFile table, String text) {
        return table.file().resolveSibling(text);
    }
}

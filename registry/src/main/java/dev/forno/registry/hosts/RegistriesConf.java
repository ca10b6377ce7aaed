package dev.forno.registry.hosts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The registries of {@code registries.conf}, version 2 (containers-registries.conf(5)). Short names are completed as Docker
 * completes them, whatever {@code unqualified-search-registries} says.
 */
record RegistriesConf(List<Entry> entries) {
    static final RegistriesConf NONE = new RegistriesConf(List.of());

    /** Where a mirror or the registry itself is: the prefix is replaced by the location. */
    record Place(String location, boolean insecure, Pulls pulls) {}

    /** Which pulls go to a mirror. */
    enum Pulls {
        ALL,
        BY_DIGEST,
        BY_TAG
    }

    /** One table {@code [[registry]]}. */
    record Entry(Path file, String prefix, Place place, boolean blocked, List<Place> mirrors) {}

    /**
     * Reads a file and those of the directory {@code FILE.d}, in the order of their names; a later table of the same prefix
     * replaces an earlier one. A missing file is empty.
     *
     * @throws FornoException {@link ErrorKind#FAILED_PRECONDITION} for a file that can't be understood
     */
    static RegistriesConf read(Path file) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<Path> files = new ArrayList<>();
        if (Files.isRegularFile(file)) {
            files.add(file);
        }
        files.addAll(dropIns(file.resolveSibling(file.getFileName() + ".d")));
        for (Path one : files) {
            TomlFile toml = TomlFile.read(one);
            if (toml.has("registries")) {
                throw toml.expected("registries", "version 2 of the format, with [[registry]] tables");
            }
            for (TomlFile table : toml.tables("registry")) {
                Entry entry = entry(table);
                entries.put(entry.prefix(), entry);
            }
        }
        return new RegistriesConf(List.copyOf(entries.values()));
    }

    /** The table with the longest prefix of a reference. */
    Optional<Entry> of(Reference reference) {
        Entry best = null;
        for (Entry entry : entries) {
            if (matches(entry.prefix(), reference)
                    && (best == null || entry.prefix().length() > best.prefix().length())) {
                best = entry;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The name that a place has for a reference's repository: {@code host[:port]/path}. */
    static String moved(Entry entry, Place place, Reference reference) {
        if (place.location().isEmpty()) {
            return reference.name();
        }
        if (entry.prefix().startsWith("*.")) {
            return place.location() + "/" + reference.repository();
        }
        return place.location() + reference.name().substring(entry.prefix().length());
    }

    private static boolean matches(String prefix, Reference reference) {
        if (prefix.startsWith("*.")) {
            int port = reference.registry().lastIndexOf(':');
            String host = port < 0 ? reference.registry() : reference.registry().substring(0, port);
            return host.endsWith(prefix.substring(1)) || reference.registry().endsWith(prefix.substring(1));
        }
        String name = reference.name();
        return name.equals(prefix) || name.startsWith(prefix + "/");
    }

    private static Entry entry(TomlFile table) {
        String location = trimmed(table.text("location"));
        String prefix = table.text("prefix").isEmpty() ? location : trimmed(table.text("prefix"));
        if (prefix.isEmpty()) {
            throw table.expected("location", "a registry, or a prefix");
        }
        boolean digestOnly = table.flag("mirror-by-digest-only");
        List<Place> mirrors = new ArrayList<>();
        for (TomlFile mirror : table.tables("mirror")) {
            String place = trimmed(mirror.text("location"));
            if (place.isEmpty()) {
                throw mirror.expected("location", "a registry");
            }
            mirrors.add(new Place(place, mirror.flag("insecure"), pulls(mirror, digestOnly)));
        }
        return new Entry(
                table.file(),
                prefix,
                new Place(location, table.flag("insecure"), Pulls.ALL),
                table.flag("blocked"),
                List.copyOf(mirrors));
    }

    private static Pulls pulls(TomlFile mirror, boolean digestOnly) {
        return switch (mirror.text("pull-from-mirror")) {
            case "" -> digestOnly ? Pulls.BY_DIGEST : Pulls.ALL;
            case "all" -> Pulls.ALL;
            case "digest-only" -> Pulls.BY_DIGEST;
            case "tag-only" -> Pulls.BY_TAG;
            default -> throw mirror.expected("pull-from-mirror", "all, digest-only or tag-only");
        };
    }

    private static String trimmed(String text) {
        return text.replaceFirst("/+$", "");
    }

    private static List<Path> dropIns(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "read " + folder + ": " + e, e);
        }
    }
}

package dev.forno.cli.values;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The value of {@code --mount}: {@code type=bind,src=…,dst=…}. */
public final class MountSpec {
    private final Map<String, Object> mount = new LinkedHashMap<>();
    private final Map<String, Object> bind = new LinkedHashMap<>();
    private final Map<String, Object> volume = new LinkedHashMap<>();
    private final Map<String, Object> tmpfs = new LinkedHashMap<>();

    private MountSpec() {}

    /**
     * Reads the value into the API's document.
     *
     * @throws IllegalArgumentException in the Docker command line's words
     */
    public static Map<String, Object> parse(String text) {
        MountSpec spec = new MountSpec();
        spec.mount.put("Type", "volume");
        for (String field : fields(text)) {
            int equals = field.indexOf('=');
            String key =
                    field.substring(0, equals < 0 ? field.length() : equals).toLowerCase(Locale.ROOT);
            if (equals < 0) {
                if (!List.of("readonly", "ro", "volume-nocopy", "bind-nonrecursive")
                        .contains(key)) {
                    throw new IllegalArgumentException("invalid field '" + field + "' must be a key=value pair");
                }
                spec.set(key, "true", field);
            } else {
                spec.set(key, field.substring(equals + 1), field);
            }
        }
        return spec.document();
    }

    // commas inside double quotes do not separate, as in CSV
    private static List<String> fields(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    private void set(String key, String value, String field) {
        switch (key) {
            case "type" -> mount.put("Type", value.toLowerCase(Locale.ROOT));
            case "source", "src" -> mount.put("Source", value.startsWith(".") ? absolute(value) : value);
            case "target", "dst", "destination" -> mount.put("Target", value);
            case "readonly", "ro" -> mount.put("ReadOnly", truth(key, value));
            case "consistency" -> mount.put("Consistency", value.toLowerCase(Locale.ROOT));
            case "bind-propagation" -> bind.put("Propagation", value.toLowerCase(Locale.ROOT));
            case "bind-nonrecursive" -> bind.put("NonRecursive", truth(key, value));
            case "bind-recursive" -> recursive(value);
            case "volume-nocopy" -> volume.put("NoCopy", truth(key, value));
            case "volume-subpath" -> volume.put("Subpath", value);
            case "volume-driver" -> driver("Name", value);
            case "volume-opt" -> pair(driverOptions(), value, field);
            case "volume-label" -> pair(inner(volume, "Labels"), value, field);
            case "tmpfs-size" -> {
                Long size = Sizes.parse(value);
                if (size == null) {
                    throw new IllegalArgumentException("invalid value for " + key + ": " + value);
                }
                tmpfs.put("SizeBytes", size);
            }
            case "tmpfs-mode" -> {
                if (!value.matches("[0-7]{1,4}")) {
                    throw new IllegalArgumentException("invalid value for " + key + ": " + value);
                }
                tmpfs.put("Mode", Long.parseLong(value, 8));
            }
            default -> throw new IllegalArgumentException("unexpected key '" + key + "' in '" + field + "'");
        }
    }

    private void recursive(String value) {
        switch (value) {
            case "enabled" -> {}
            case "disabled" -> bind.put("NonRecursive", true);
            case "writable" -> bind.put("ReadOnlyNonRecursive", true);
            case "readonly" -> bind.put("ReadOnlyForceRecursive", true);
            default ->
                throw new IllegalArgumentException("invalid value for bind-recursive: " + value
                        + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
        }
    }

    private static boolean truth(String key, String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException("invalid value for " + key + ": " + value);
        };
    }

    @SuppressWarnings("unchecked") // the map was put there by this method
    private static Map<String, Object> inner(Map<String, Object> outer, String name) {
        return (Map<String, Object>) outer.computeIfAbsent(name, key -> new LinkedHashMap<String, Object>());
    }

    private Map<String, Object> driverOptions() {
        return inner(inner(volume, "DriverConfig"), "Options");
    }

    private void driver(String name, String value) {
        inner(volume, "DriverConfig").put(name, value);
    }

    private static void pair(Map<String, Object> target, String value, String field) {
        int equals = value.indexOf('=');
        if (value.isEmpty()) {
            throw new IllegalArgumentException("invalid field '" + field + "' must be a key=value pair");
        }
        target.put(equals < 0 ? value : value.substring(0, equals), equals < 0 ? "" : value.substring(equals + 1));
    }

    private static String absolute(String path) {
        return java.nio.file.Path.of(path).toAbsolutePath().normalize().toString();
    }

    private Map<String, Object> document() {
        String type = String.valueOf(mount.get("Type"));
        if (!mount.containsKey("Target")) {
            throw new IllegalArgumentException("target is required");
        }
        options(type, "bind", "BindOptions", bind);
        options(type, "volume", "VolumeOptions", volume);
        options(type, "tmpfs", "TmpfsOptions", tmpfs);
        return mount;
    }

    private void options(String type, String owner, String name, Map<String, Object> options) {
        if (options.isEmpty()) {
            return;
        }
        if (!type.equals(owner)) {
            throw new IllegalArgumentException("cannot mix '" + owner + "-*' options with mount type '" + type + "'");
        }
        mount.put(name, options);
    }
}

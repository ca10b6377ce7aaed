package dev.forno.registry.hosts;

import com.electronwill.nightconfig.core.Config;
import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.core.io.ParsingMode;
import com.electronwill.nightconfig.toml.TomlFormat;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One TOML table of a file, with errors that name the file and the key. Tables keep their order. */
final class TomlFile {
    private static final int LIMIT = 1 << 20;

    private final Path file;
    private final String place;
    private final Map<String, Object> values;

    private TomlFile(Path file, String place, Map<String, Object> values) {
        this.file = file;
        this.place = place;
        this.values = values;
    }

    /** Reads a file; throws {@link ErrorKind#FAILED_PRECONDITION}. */
    static TomlFile read(Path file) {
        try {
            if (Files.size(file) > LIMIT) {
                throw unreadable(file, "it is larger than " + LIMIT + " bytes", null);
            }
            Config config = Config.of(LinkedHashMap::new, TomlFormat.instance());
            TomlFormat.instance().createParser().parse(Files.readString(file), config, ParsingMode.REPLACE);
            return new TomlFile(file, "", values(config));
        } catch (IOException | ParsingException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    Path file() {
        return file;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key) {
        if (values.getOrDefault(key, "") instanceof String text) {
            return text;
        }
        throw expected(key, "a string");
    }

    boolean isText(String key) {
        return values.get(key) instanceof String;
    }

    boolean flag(String key) {
        if (values.getOrDefault(key, false) instanceof Boolean flag) {
            return flag;
        }
        throw expected(key, "true or false");
    }

    /** A string, or several. */
    List<String> texts(String key) {
        if (isText(key)) {
            return List.of(text(key));
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list(key)) {
            if (!(element instanceof String text)) {
                throw expected(key, "strings");
            }
            texts.add(text);
        }
        return texts;
    }

    /** The elements of an array, of any type. */
    List<?> list(String key) {
        if (values.getOrDefault(key, List.of()) instanceof List<?> list) {
            return list;
        }
        throw expected(key, "an array");
    }

    /** The tables in an array of tables. */
    List<TomlFile> tables(String key) {
        List<TomlFile> tables = new ArrayList<>();
        for (Object element : list(key)) {
            tables.add(table(key, element));
        }
        return tables;
    }

    /** The table of that name, empty when there is none. */
    TomlFile table(String key) {
        return table(key, values.get(key));
    }

    Iterable<String> keys() {
        return values.keySet();
    }

    private TomlFile table(String key, @Nullable Object value) {
        String inside = place.isEmpty() ? key : place + "." + key;
        return switch (value) {
            case null -> new TomlFile(file, inside, Map.of());
            case UnmodifiableConfig config -> new TomlFile(file, inside, values(config));
            default -> throw expected(key, "a table");
        };
    }

    private static Map<String, Object> values(UnmodifiableConfig config) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (UnmodifiableConfig.Entry entry : config.entrySet()) {
            values.put(entry.getKey(), entry.getValue());
        }
        return values;
    }

    /** What is wrong with a key, to be thrown. */
    FornoException expected(String key, String expected) {
        return unreadable(file, (place.isEmpty() ? key : place + "." + key) + ": expected " + expected, null);
    }

    private static FornoException unreadable(Path file, String reason, @Nullable Exception cause) {
        return new FornoException(ErrorKind.FAILED_PRECONDITION, "read " + file + ": " + reason, cause);
    }
}

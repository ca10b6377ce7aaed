package dev.forno.dockerapi.models;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's JSON, read with a bound on nesting. Fields that are null are left out; unknown ones are ignored. */
public final class Json {
    private static final int MAX_DEPTH = 64;

    private Json() {}

    /** Loads the adapters at the first use rather than at the engine's start. */
    private static final class Holder {
        private static final Jsonb JSONB = JsonBinding.jsonb();
    }

    /** The compact JSON of {@code value}. */
    public static <T> byte[] write(Class<T> type, T value) {
        return Holder.JSONB.type(type).toJsonBytes(value);
    }

    /** The compact JSON of a list. */
    public static <T> byte[] writeList(Class<T> type, List<T> values) {
        return Holder.JSONB.type(type).list().toJsonBytes(values);
    }

    /** The compact JSON of a text. */
    public static byte[] quote(String text) {
        return Holder.JSONB.type(String.class).toJsonBytes(text);
    }

    /** Reads a document of {@code type}; throws {@link ErrorKind#INVALID_ARGUMENT} when it isn't one. */
    public static <T> T read(byte[] json, Class<T> type) {
        return parse(json, Holder.JSONB.type(type));
    }

    private static <T> T parse(byte[] json, JsonType<T> type) {
        checkDepth(json);
        @Nullable T value;
        try {
            value = type.fromJson(json);
        } catch (RuntimeException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid JSON: " + e.getMessage(), e);
        }
        if (value == null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid JSON: the document is null");
        }
        return value;
    }

    /** Reads an array; throws {@link ErrorKind#INVALID_ARGUMENT} when it isn't one. */
    public static <T> List<T> readList(String json, Class<T> type) {
        return parse(
                json.getBytes(StandardCharsets.UTF_8), Holder.JSONB.type(type).list());
    }

    /** Reads an object as a map; throws {@link ErrorKind#INVALID_ARGUMENT} when it isn't one. */
    public static <T> Map<String, T> readMap(String json, Class<T> type) {
        return parse(
                json.getBytes(StandardCharsets.UTF_8), Holder.JSONB.type(type).map());
    }

    /** Reads any document into maps, lists, texts, numbers and booleans. */
    public static Object readAny(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8), Object.class);
    }

    private static void checkDepth(byte[] json) {
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                if (++depth > MAX_DEPTH) {
                    throw new FornoException(
                            ErrorKind.INVALID_ARGUMENT, "invalid JSON: nested deeper than " + MAX_DEPTH + " levels");
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }
}

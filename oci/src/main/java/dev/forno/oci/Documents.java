package dev.forno.oci;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the spec documents, read with bounds on size and nesting. Thread-safe.
 */
public final class Documents {
    /** The largest manifest or index read, in bytes (distribution spec: registries should accept 4 MiB). */
    public static final int MAX_MANIFEST_BYTES = 4 << 20;

    /** The largest image configuration read, in bytes. */
    public static final int MAX_CONFIG_BYTES = 8 << 20;

    private static final int MAX_DEPTH = 64;
    private static final Jsonb JSONB = JsonBinding.jsonb();

    private Documents() {}

    /** Reads a manifest; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static Manifest manifest(byte[] json) {
        return read(json, MAX_MANIFEST_BYTES, Manifest.class);
    }

    /** Reads an index; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static Index index(byte[] json) {
        return read(json, MAX_MANIFEST_BYTES, Index.class);
    }

    /** Reads a descriptor; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static Descriptor descriptor(byte[] json) {
        return read(json, 2 * MAX_MANIFEST_BYTES, Descriptor.class);
    }

    /** Reads an image configuration; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static ImageConfig imageConfig(byte[] json) {
        return read(json, MAX_CONFIG_BYTES, ImageConfig.class);
    }

    /** The compact JSON of a document made here; null fields are left out. */
    public static <T> byte[] write(Class<T> type, T document) {
        return JSONB.type(type).toJsonBytes(document);
    }

    /** A field that foreign JSON may lack though the specification requires it. */
    static <T> T require(@Nullable T value, String document, String field) {
        if (value == null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "read " + document + ": no \"" + field + "\"");
        }
        return value;
    }

    /** A list of foreign JSON may be missing, but none of its elements. */
    static void noNulls(@Nullable List<?> list, String document, String field) {
        if (list != null && list.stream().anyMatch(Objects::isNull)) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "read " + document + ": an element of \"" + field + "\" is null");
        }
    }

    /** A map of foreign JSON whose values may be null, which stands for the empty text as in Go. */
    static @Nullable Map<String, String> texts(@Nullable Map<String, String> map) {
        if (map == null || map.values().stream().noneMatch(Objects::isNull)) {
            return map;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        map.forEach((key, value) -> texts.put(key, Objects.requireNonNullElse(value, "")));
        return texts;
    }

    private static <T> T read(byte[] json, int limit, Class<T> type) {
        String what = "read " + type.getSimpleName();
        if (json.length > limit) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, what + ": " + json.length + " bytes, the limit is " + limit);
        }
        checkText(json, what);
        checkDepth(json, what);
        JsonType<T> adapter = JSONB.type(type);
        T value;
        try {
            value = adapter.fromJson(json);
        } catch (RuntimeException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, what + ": not a valid document: " + e.getMessage(), e);
        }
        if (value == null) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, what + ": the document is null");
        }
        return value;
    }

    /** What isn't text could be read in one way here and in another elsewhere. */
    private static void checkText(byte[] json, String what) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, what + ": it is not valid UTF-8", e);
        }
    }

    /**
     * Checks an escape for a half of a surrogate pair, which is no character and could not be written again.
     *
     * @param at the index of what follows the backslash
     * @return how many bytes more belong to the escape of the other half
     */
    private static int escapedSurrogates(byte[] json, int at, String what) {
        int first = escaped(json, at);
        if (first < Character.MIN_SURROGATE || first > Character.MAX_SURROGATE) {
            return 0;
        }
        int second = at + 5 < json.length && json[at + 5] == '\\' ? escaped(json, at + 6) : -1;
        if (first > Character.MAX_HIGH_SURROGATE
                || second < Character.MIN_LOW_SURROGATE
                || second > Character.MAX_LOW_SURROGATE) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, what + ": it has half of a surrogate pair as text");
        }
        return 10;
    }

    /** The value of {@code uXXXX} at an index, or -1. */
    private static int escaped(byte[] json, int at) {
        if (at + 4 >= json.length || json[at] != 'u') {
            return -1;
        }
        int value = 0;
        for (int i = at + 1; i <= at + 4; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static void checkDepth(byte[] json, String what) {
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            if (inString) {
                if (c == '\\') {
                    i++;
                    i += escapedSurrogates(json, i, what);
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                if (++depth > MAX_DEPTH) {
                    throw new FornoException(
                            ErrorKind.INVALID_ARGUMENT, what + ": nested deeper than " + MAX_DEPTH + " levels");
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }
}

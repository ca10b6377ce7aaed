package dev.forno.cli.documents;

import dev.forno.oci.JsonBinding;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonWriter;
import io.avaje.json.stream.JsonStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value of plain Java types: {@code Map<String, Object>} in the order of the document, {@code List<Object>},
 * {@code String}, {@code Boolean}, {@code Long}, {@code BigDecimal}, null. Reading a member that is absent gives an empty
 * value instead of an error, as answers of different engine versions differ. The command line needs no models this way,
 * and loads few classes.
 *
 * @param value the plain value
 */
public record Json(@Nullable Object value) {
    private static final JsonStream STREAM = stream();

    private static JsonStream stream() {
        JsonBinding.readLongStrings();
        return JsonStream.builder().serializeNulls(true).serializeEmpty(true).build();
    }

    /** Reads a whole document. */
    public static Json parse(byte[] text) {
        try (JsonReader reader = STREAM.reader(text)) {
            return new Json(read(reader));
        }
    }

    /** Reads a whole document. */
    public static Json parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Wraps a plain value. */
    public static Json of(@Nullable Object value) {
        return new Json(value);
    }

    private static @Nullable Object read(JsonReader reader) {
        return switch (reader.currentToken()) {
            case BEGIN_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNextField()) {
                    String name = reader.nextField();
                    members.put(name, read(reader));
                }
                reader.endObject();
                yield members;
            }
            case BEGIN_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNextElement()) {
                    elements.add(read(reader));
                }
                reader.endArray();
                yield elements;
            }
            case STRING -> reader.readString();
            case BOOLEAN -> reader.readBoolean();
            case NUMBER -> number(reader.readDecimal());
            case NULL -> {
                reader.isNullValue();
                yield null;
            }
        };
    }

    private static Object number(BigDecimal number) {
        return number.scale() == 0 && number.precision() <= 18 ? (Object) number.longValue() : number;
    }

    /** The member at a path of names; empty when a step is missing. */
    public Json at(String... names) {
        @Nullable Object current = value;
        for (String name : names) {
            current = current instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return new Json(current);
    }

    /** Whether there is nothing here: absent or null. */
    public boolean isEmpty() {
        return value == null;
    }

    /** The text; empty when absent, a number's digits when it is one. */
    public String text() {
        return value == null ? "" : value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    }

    /** The text of a member. */
    public String text(String... names) {
        return at(names).text();
    }

    /** The whole number of a member; 0 when absent. */
    public long number(String... names) {
        return at(names).value instanceof Number number ? number.longValue() : 0;
    }

    /** The number of a member; 0 when absent. */
    public double decimal(String... names) {
        return at(names).value instanceof Number number ? number.doubleValue() : 0;
    }

    /** The boolean of a member; false when absent. */
    public boolean is(String... names) {
        return Boolean.TRUE.equals(at(names).value);
    }

    /** The elements; empty when this is no array. */
    public List<Json> elements() {
        List<Json> elements = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object element : list) {
                elements.add(new Json(element));
            }
        }
        return elements;
    }

    /** The elements of a member as texts. */
    public List<String> texts(String... names) {
        List<String> texts = new ArrayList<>();
        for (Json element : at(names).elements()) {
            texts.add(element.text());
        }
        return texts;
    }

    /** The members in their order; empty when this is no object. */
    public Map<String, Json> members() {
        Map<String, Json> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), new Json(member)));
        }
        return members;
    }

    /** The compact text. */
    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = STREAM.writer(text)) {
            write(writer, value);
        }
        return text.toString();
    }

    /** The compact text as UTF-8. */
    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonWriter writer, @Nullable Object value) {
        switch (value) {
            case null -> writer.nullValue();
            case Map<?, ?> map -> {
                writer.beginObject();
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    writer.name(String.valueOf(member.getKey()));
                    write(writer, member.getValue());
                }
                writer.endObject();
            }
            case Iterable<?> elements -> {
                writer.beginArray();
                for (Object element : elements) {
                    write(writer, element);
                }
                writer.endArray();
            }
            case Boolean bool -> writer.value(bool.booleanValue());
            case Integer number -> writer.value(number.intValue());
            case Long number -> writer.value(number.longValue());
            case BigDecimal number -> writer.value(number);
            case Double number -> writer.value(number.doubleValue());
            case Json json -> write(writer, json.value);
            default -> writer.value(value.toString());
        }
    }
}

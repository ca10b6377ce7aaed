package dev.forno.dockerapi.models;

import io.avaje.json.JsonAdapter;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonWriter;
import io.avaje.jsonb.CustomAdapter;
import io.avaje.jsonb.Jsonb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON of {@link Texts}. */
@CustomAdapter
public final class TextsAdapter implements JsonAdapter<Texts> {
    /** Called by the generated code. */
    @SuppressWarnings("UnusedVariable") // the generated code's calling convention
    public TextsAdapter(Jsonb jsonb) {}

    @Override
    public void toJson(JsonWriter writer, @Nullable Texts texts) {
        List<String> values = texts == null ? null : texts.values();
        if (values == null) {
            boolean before = writer.serializeNulls();
            writer.serializeNulls(true);
            writer.nullValue();
            writer.serializeNulls(before);
            return;
        }
        writer.beginArray();
        values.forEach(writer::value);
        writer.endArray();
    }

    @Override
    public Texts fromJson(JsonReader reader) {
        if (reader.isNullValue()) {
            return Texts.NULL;
        }
        if (reader.currentToken() == JsonReader.Token.STRING) {
            return new Texts(List.of(reader.readString()));
        }
        List<String> values = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNextElement()) {
            values.add(reader.isNullValue() ? "" : reader.readString());
        }
        reader.endArray();
        return Texts.of(values);
    }
}

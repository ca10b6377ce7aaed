package dev.forno.dockerapi.models;

import dev.forno.dockerapi.models.PortBindingList.Binding;
import io.avaje.json.JsonAdapter;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonWriter;
import io.avaje.jsonb.CustomAdapter;
import io.avaje.jsonb.Jsonb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON of {@link PortBindingList}. */
@CustomAdapter
public final class PortBindingListAdapter implements JsonAdapter<PortBindingList> {
    private final JsonAdapter<Binding> bindings;

    /** Called by the generated code. */
    public PortBindingListAdapter(Jsonb jsonb) {
        this.bindings = jsonb.adapter(Binding.class);
    }

    @Override
    public void toJson(JsonWriter writer, @Nullable PortBindingList list) {
        List<Binding> values = list == null ? null : list.bindings();
        if (values == null) {
            boolean before = writer.serializeNulls();
            writer.serializeNulls(true);
            writer.nullValue();
            writer.serializeNulls(before);
            return;
        }
        writer.beginArray();
        values.forEach(each -> bindings.toJson(writer, each));
        writer.endArray();
    }

    @Override
    public PortBindingList fromJson(JsonReader reader) {
        if (reader.isNullValue()) {
            return new PortBindingList(null);
        }
        List<Binding> values = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNextElement()) {
            values.add(bindings.fromJson(reader));
        }
        reader.endArray();
        return new PortBindingList(values);
    }
}

package dev.forno.registry.documents;

import dev.forno.oci.JsonBinding;
import io.avaje.jsonb.Jsonb;
import java.util.Objects;

/** The JSON of this package's records that Forno itself wrote. */
public final class RecordJson {
    private static final Jsonb JSONB = JsonBinding.jsonb();

    private RecordJson() {}

    /** Reads what {@link #write} wrote. */
    public static <T> T read(Class<T> type, byte[] json) {
        return Objects.requireNonNull(JSONB.type(type).fromJson(json));
    }

    /** The JSON; null fields are left out. */
    public static <T> byte[] write(Class<T> type, T record) {
        return JSONB.type(type).toJsonBytes(record);
    }
}

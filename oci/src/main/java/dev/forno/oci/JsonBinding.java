package dev.forno.oci;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;

/**
 * The one binding of records to JSON, for every room. The library reads strings of 32,768 characters at most unless its
 * buffer begins larger, and labels of built images, scripts in histories and environments are longer than that; so it is
 * used through this class alone, which sets the buffer before the library is loaded. Where a program has loaded it already,
 * its own limit holds. Thread-safe.
 */
public final class JsonBinding {
    /** The longest string that is read, in characters. */
    public static final int MAX_STRING = (1 << 20) - 8;

    private static final String BUFFER = "jsonb.parserCharBufferSize";

    private JsonBinding() {}

    /** Lets long strings be read; for those who use the JSON library without records. */
    public static void readLongStrings() {
        if (System.getProperty(BUFFER) == null) {
            System.setProperty(BUFFER, Integer.toString(1 << 20));
        }
    }

    /** The reader and writer of a record's JSON; null fields are left out when it is written. */
    public static <T> JsonType<T> of(Class<T> type) {
        return jsonb().type(type);
    }

    /** The binding itself, for other kinds of types. */
    public static Jsonb jsonb() {
        return Holder.JSONB;
    }

    private static final class Holder {
        static final Jsonb JSONB = open();

        private static Jsonb open() {
            readLongStrings();
            return Jsonb.builder().build();
        }
    }
}

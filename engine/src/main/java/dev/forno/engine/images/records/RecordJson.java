package dev.forno.engine.images.records;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads and writes this package's records. Thread-safe. */
public final class RecordJson {
    private static final Jsonb JSONB = JsonBinding.jsonb();
    private static final JsonType<ImageRecord> IMAGES = JSONB.type(ImageRecord.class);
    private static final JsonType<NameRecord> NAMES = JSONB.type(NameRecord.class);
    private static final JsonType<PullRecord> PULLS = JSONB.type(PullRecord.class);
    private static final JsonType<PushRecord> PUSHES = JSONB.type(PushRecord.class);

    private RecordJson() {}

    /** The JSON of an image. */
    public static byte[] write(ImageRecord image) {
        return IMAGES.toJsonBytes(image);
    }

    /** The JSON of a name. */
    public static byte[] write(NameRecord name) {
        return NAMES.toJsonBytes(name);
    }

    /** The JSON of a pull. */
    public static byte[] write(PullRecord pull) {
        return PULLS.toJsonBytes(pull);
    }

    /** The JSON of an upload. */
    public static byte[] write(PushRecord push) {
        return PUSHES.toJsonBytes(push);
    }

    /** An upload from the metadata; throws {@link ErrorKind#DATA_LOSS} when it can't be read. */
    public static PushRecord push(byte[] json) {
        return read(PUSHES, json, "push");
    }

    /** A pull from the metadata; throws {@link ErrorKind#DATA_LOSS} when it can't be read. */
    public static PullRecord pull(byte[] json) {
        return read(PULLS, json, "pull");
    }

    /** The JSON of an archive's {@code manifest.json}. */
    public static byte[] write(List<ArchiveEntry> entries) {
        return JSONB.type(ArchiveEntry.class).list().toJsonBytes(entries);
    }

    /** The JSON of an archive's {@code repositories}: image ids by tag by repository. */
    public static byte[] write(Map<String, Map<String, String>> repositories) {
        return JSONB.type(Object.class).toJsonBytes(repositories);
    }

    /** An image from the metadata; throws {@link ErrorKind#DATA_LOSS} when it can't be read. */
    public static ImageRecord image(byte[] json) {
        return read(IMAGES, json, "image");
    }

    /** A name from the metadata; throws {@link ErrorKind#DATA_LOSS} when it can't be read. */
    public static NameRecord name(byte[] json) {
        return read(NAMES, json, "name");
    }

    /** An archive's {@code manifest.json}; throws {@link ErrorKind#INVALID_ARGUMENT} when it can't be read. */
    public static List<ArchiveEntry> archive(byte[] json) {
        try {
            List<ArchiveEntry> entries = JSONB.type(ArchiveEntry.class).list().fromJson(json);
            if (entries != null && entries.stream().noneMatch(Objects::isNull)) {
                return entries;
            }
        } catch (RuntimeException e) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "load images: manifest.json is not readable: " + e.getMessage(), e);
        }
        throw new FornoException(ErrorKind.INVALID_ARGUMENT, "load images: manifest.json is null or has a null");
    }

    private static <T> T read(JsonType<T> type, byte[] json, String what) {
        try {
            T value = type.fromJson(json);
            if (value != null) {
                return value;
            }
        } catch (RuntimeException e) {
            throw new FornoException(ErrorKind.DATA_LOSS, "read " + what + " record: " + e.getMessage(), e);
        }
        throw new FornoException(ErrorKind.DATA_LOSS, "read " + what + " record: it is empty");
    }
}

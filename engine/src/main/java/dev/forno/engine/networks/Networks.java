package dev.forno.engine.networks;

import dev.forno.engine.Filters;
import dev.forno.engine.Trial;
import dev.forno.oci.ErrorKind;
import java.util.List;

/** The networks that containers can join: {@code bridge}, {@code host} and {@code none} for now. Thread-safe. */
public interface Networks {
    /** The networks that pass ({@code driver}, {@code id}, {@code name}, {@code type}, {@code scope}, {@code label}, {@code dangling}). */
    List<Network> list(Filters filters);

    /** The network of that name or id (or prefix of it); throws {@link ErrorKind#NOT_FOUND} ({@code network x not found}). */
    Network get(String ref);

    /** Refused for now with {@link ErrorKind#NOT_IMPLEMENTED}: user-defined networks are not in yet. */
    Network create(String name, String driver);

    /** Predefined networks can't be removed: throws {@link ErrorKind#PERMISSION_DENIED} with Docker's text. */
    void remove(String ref);

    /** Refused for now with {@link ErrorKind#NOT_IMPLEMENTED}. */
    void connect(String ref, String container);

    /** Refused for now with {@link ErrorKind#NOT_IMPLEMENTED}. */
    void disconnect(String ref, String container, boolean force);

    /** Removes unused user-defined networks: none for now. */
    List<String> prune(Filters filters);

    /** What {@link #prune} would remove; nothing is changed. */
    List<String> tryPrune(Filters filters, Trial trial);
}

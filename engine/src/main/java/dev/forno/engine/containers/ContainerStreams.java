package dev.forno.engine.containers;

import dev.forno.engine.containers.Attachment.AttachOptions;
import dev.forno.oci.ErrorKind;

/** What a container's processes say and hear. Thread-safe; {@code ref} as in {@link Containers}. */
public interface ContainerStreams {
    /**
     * Attaches to the container's first process. It may be attached before it is started: no output is missed then.
     * Throws {@link ErrorKind#CONFLICT} when it is paused.
     */
    Attachment attach(String ref, AttachOptions options);

    /** Sets the terminal's size; throws {@link ErrorKind#CONFLICT} when the container does not run. */
    void resize(String ref, int rows, int columns);

    /** Opens the log; throws {@link ErrorKind#NOT_IMPLEMENTED} with Docker's text when the log driver keeps none. */
    LogStream logs(String ref, LogQuery query);
}

package dev.forno.registry.client;

/** Takes a blob's bytes, possibly in several attempts. Used by one thread at a time; failures of its own are unchecked. */
public interface BlobSink {
    /** How many of the blob's first bytes are here already; the next ones are asked for from there. */
    long offset();

    /** Appends bytes. */
    void write(byte[] buffer, int offset, int length);
}

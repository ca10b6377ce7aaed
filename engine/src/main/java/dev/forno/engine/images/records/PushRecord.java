package dev.forno.engine.images.records;

import io.avaje.jsonb.Json;

/**
 * An upload that was begun and not finished.
 *
 * @param seen when it was last heard of (ISO 8601)
 * @param address where it goes on; it may hold what the registry signed and is never shown
 */
@Json
public record PushRecord(String seen, String address) {
    /** Hides the address. */
    @Override
    public String toString() {
        return "PushRecord[" + seen + "]";
    }
}

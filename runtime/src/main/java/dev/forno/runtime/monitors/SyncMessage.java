package dev.forno.runtime.monitors;

import dev.forno.oci.JsonBinding;
import io.avaje.jsonb.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A line that the monitor writes to its synchronisation pipe.
 *
 * @param data a process id or exit code, or a negative number for a failure
 * @param message what the OCI runtime wrote
 */
@Json
public record SyncMessage(int data, @Nullable String message) {
    private static final io.avaje.jsonb.JsonType<SyncMessage> JSON = JsonBinding.of(SyncMessage.class);

    static SyncMessage parse(String line) throws IOException {
        try {
            SyncMessage message = JSON.fromJson(line);
            if (message != null) {
                return message;
            }
        } catch (RuntimeException e) {
            throw new IOException("the monitor's answer can't be read: " + line, e);
        }
        throw new IOException("the monitor's answer is null");
    }
}

package dev.forno.engine.networks;

import dev.forno.network.endpoints.Network;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.oci.JsonBinding;
import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The default bridge as it was made, so that its subnet stays the same from one start to the next. */
@Json
public record BridgeRecord(String name, String bridge, String subnet, String gateway, int mtu) {
    private static final String TABLE = "networks";
    private static final String NAME = "bridge";

    /**
     * The bridge that shall exist: what is configured, completed by what was chosen before.
     *
     * @param device the bridge device's name
     * @param subnet as {@code 10.77.0.0/24}, or null for any
     * @param gateway the bridge's own address, or null for the subnet's first
     */
    public static NetworkSpec wanted(
            Database database, String device, @Nullable String subnet, @Nullable String gateway) {
        Optional<BridgeRecord> before = database.table(TABLE).get(NAME).map(json()::fromJson);
        if (subnet == null && before.isPresent() && before.get().bridge.equals(device)) {
            BridgeRecord b = before.get();
            return new NetworkSpec(NAME, device, b.subnet, b.gateway, b.mtu, false);
        }
        return new NetworkSpec(NAME, device, subnet, gateway, 0, false);
    }

    /** Keeps what was chosen. */
    public static void keep(Database database, Network made) {
        BridgeRecord record = new BridgeRecord(made.name(), made.bridge(), made.subnet(), made.gateway(), made.mtu());
        RecordTable table = database.table(TABLE);
        if (!table.get(NAME).map(json()::fromJson).equals(Optional.of(record))) {
            table.put(NAME, json().toJsonBytes(record));
        }
    }

    private static JsonType<BridgeRecord> json() {
        return JsonBinding.of(BridgeRecord.class);
    }
}

package dev.forno.engine.system;

import dev.forno.oci.JsonBinding;
import dev.forno.store.records.Database;
import dev.forno.store.records.RecordTable;
import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Who an engine is: made when a state directory is first used, the same ever after.
 *
 * @param id a UUID
 * @param created when the state directory was first used
 */
@Json
public record EngineIdentity(String id, Instant created) {
    private static final String TABLE = "engine";
    private static final String KEY = "identity";

    /** Whether the store of this metadata is an engine's. */
    public static boolean isIn(Database database) {
        return database.table(TABLE).get(KEY).isPresent();
    }

    /** Reads the identity, or makes it. */
    public static EngineIdentity of(Database database, InstantSource clock, RandomGenerator random) {
        RecordTable table = database.table(TABLE);
        JsonType<EngineIdentity> json = JsonBinding.of(EngineIdentity.class);
        EngineIdentity fresh =
                new EngineIdentity(new UUID(random.nextLong(), random.nextLong()).toString(), clock.instant());
        return table.get(KEY).map(json::fromJson).orElseGet(() -> {
            table.put(KEY, json.toJsonBytes(fresh));
            return fresh;
        });
    }
}

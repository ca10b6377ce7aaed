package dev.forno.engine.volumes;

import io.avaje.jsonb.Json;
import java.time.Instant;
import java.util.Map;

/**
 * A volume.
 *
 * @param mountpoint its directory on the host
 * @param options the driver's options, as given
 * @param anonymous whether its name was made up for a container
 */
@Json
public record Volume(
        String name,
        String driver,
        String mountpoint,
        Instant created,
        Map<String, String> labels,
        Map<String, String> options,
        boolean anonymous) {}

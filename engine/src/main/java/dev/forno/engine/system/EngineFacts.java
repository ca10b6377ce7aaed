package dev.forno.engine.system;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What is fixed while the engine runs.
 *
 * @param id stable for one state directory
 * @param created when the state directory was first used
 * @param version of the engine
 * @param commit of its source, or empty
 * @param buildTime RFC 3339, or empty
 */
public record EngineFacts(
        String id,
        Instant created,
        String version,
        String commit,
        String buildTime,
        Path stateDirectory,
        Path runDirectory) {}

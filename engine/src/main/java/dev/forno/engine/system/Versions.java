package dev.forno.engine.system;

import java.util.List;
import java.util.Map;

/**
 * Versions.
 *
 * @param version the engine's, as {@code 0.1.0}
 * @param commit of the engine's source, or empty
 * @param buildTime RFC 3339, or empty
 * @param components engine, OCI runtime, monitor …
 */
public record Versions(
        String version,
        String commit,
        String buildTime,
        String os,
        String architecture,
        String kernel,
        String javaVersion,
        List<Component> components) {
    /** One part and its own details. */
    public record Component(String name, String version, Map<String, String> details) {}
}

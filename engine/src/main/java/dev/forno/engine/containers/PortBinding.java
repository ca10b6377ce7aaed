package dev.forno.engine.containers;

import io.avaje.jsonb.Json;

/**
 * Where a container's port is published.
 *
 * @param hostIp the address, empty for all
 * @param hostPort a port, a range {@code a-b}, or empty for any free port; in a running container's settings the port
 */
@Json
public record PortBinding(String hostIp, String hostPort) {}

package dev.forno.network.endpoints;

/**
 * A published port as it is bound on the host. A wish without a host address yields two: {@code 0.0.0.0} and, where the
 * host has IPv6, {@code ::}, on the same port.
 */
public record BoundPort(String hostIp, int hostPort, int containerPort, Protocol protocol) {}

package dev.forno.network.endpoints;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;

/**
 * A wish to reach a container's port from outside.
 *
 * @param hostIp the host address to listen on; empty means every address, IPv4 and IPv6
 * @param hostPort the first host port that will do; 0 means any free port of the ephemeral range
 * @param hostPortEnd the last host port that will do, equal to {@code hostPort} for a single one; the first free port of
 *     the range is taken
 * @param containerPort the port inside the container, 1 to 65535
 */
public record PublishedPort(String hostIp, int hostPort, int hostPortEnd, int containerPort, Protocol protocol) {
    public PublishedPort {
        if (containerPort < 1 || containerPort > 65535) {
            throw invalid("invalid container port: " + containerPort);
        }
        if (hostPort < 0 || hostPortEnd > 65535 || hostPortEnd < hostPort || (hostPort == 0 && hostPortEnd != 0)) {
            throw invalid("invalid host port range: " + hostPort + "-" + hostPortEnd);
        }
    }

    /** One host port, or any free one when it is 0. */
    public static PublishedPort of(String hostIp, int hostPort, int containerPort, Protocol protocol) {
        return new PublishedPort(hostIp, hostPort, hostPort, containerPort, protocol);
    }

    private static FornoException invalid(String reason) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "publish port: " + reason);
    }
}

package dev.forno;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.snapshots.SnapshotterChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What sets one engine apart from another on the same machine. {@link ConfigSources} reads it from options, environment
 * and file; a library makes it from {@link #DEFAULTS} or {@link #under}.
 *
 * @param state where everything durable lies ({@code state})
 * @param run sockets and what dies with the machine ({@code run})
 * @param socket the Unix socket of the API ({@code socket})
 * @param hosts further places to listen at, as {@code tcp://127.0.0.1:2375} ({@code host}, repeatable)
 * @param socketGroup the group that may use the socket, if it exists ({@code socket-group})
 * @param bridge the name of the bridge device ({@code bridge})
 * @param subnet the bridge's address and prefix, as {@code 10.77.0.1/24} ({@code subnet}); chosen when empty
 * @param nftTable the name of the engine's nf_tables table ({@code nft-table})
 * @param cgroupParent the cgroup of all containers ({@code cgroup-parent})
 * @param runtime the OCI runtime's name or path ({@code runtime}); probed when empty
 * @param monitor the monitor's path ({@code monitor}); conmon on the PATH when empty
 * @param snapshotter how layers are kept ({@code snapshotter}): {@code auto}, {@code erofs}, {@code erofs-loop} or {@code
 *     unpack}; a state directory keeps what it was first used with
 * @param registries what is known about registries
 * @param registry the registry that the engine serves itself ({@code registry-listen} and the keys beside it)
 * @param logLevel {@code error}, {@code warn}, {@code info} or {@code debug} ({@code log-level})
 */
public record FornoConfig(
        Path state,
        Path run,
        Path socket,
        List<String> hosts,
        String socketGroup,
        String bridge,
        Optional<String> subnet,
        String nftTable,
        String cgroupParent,
        Optional<String> runtime,
        Optional<String> monitor,
        SnapshotterChoice snapshotter,
        RegistrySources registries,
        Optional<RegistryConfig> registry,
        String logLevel) {

    /** The machine's one engine, under {@code /var/lib/forno} and {@code /run/forno}. */
    public static final FornoConfig DEFAULTS = new FornoConfig(
            Path.of("/var/lib/forno"),
            Path.of("/run/forno"),
            Path.of("/run/forno/forno.sock"),
            List.of(),
            "docker",
            "forno0",
            Optional.empty(),
            "forno",
            "/forno",
            Optional.empty(),
            Optional.empty(),
            SnapshotterChoice.AUTO,
            RegistrySources.USUAL,
            Optional.empty(),
            "info");

    /** Checks the names; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public FornoConfig {
        hosts = List.copyOf(hosts);
        require(bridge.matches("[a-zA-Z0-9_.-]{1,15}"), "bridge", bridge, "expected at most 15 letters and digits");
        require(nftTable.matches("[a-zA-Z_][a-zA-Z0-9_]{0,30}"), "nft-table", nftTable, "expected letters and digits");
        require(
                cgroupParent.matches("/[a-zA-Z0-9_./-]+") && !cgroupParent.contains(".."),
                "cgroup-parent",
                cgroupParent,
                "expected an absolute path");
        require(
                Set.of("error", "warn", "info", "debug").contains(logLevel),
                "log-level",
                logLevel,
                "expected error, warn, info or debug");
        hosts.forEach(TcpHost::parse);
        subnet.ifPresent(BridgeAddress::parse);
    }

    /**
     * An engine of its own: all state below {@code directory}, bridge, table and cgroup named after {@code name}. For tests
     * and for several engines side by side.
     *
     * @param name letters and digits, at most 11
     */
    public static FornoConfig under(Path directory, String name) {
        return new FornoConfig(
                directory.resolve("state"),
                directory.resolve("run"),
                directory.resolve("run").resolve("forno.sock"),
                List.of(),
                DEFAULTS.socketGroup(),
                "fb-" + name,
                Optional.empty(),
                "forno_" + name,
                "/forno-" + name,
                Optional.empty(),
                Optional.empty(),
                SnapshotterChoice.AUTO,
                RegistrySources.USUAL,
                Optional.empty(),
                "info");
    }

    private static void require(boolean fine, String key, String value, String expected) {
        if (!fine) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT, "read configuration: " + key + " = " + value + ": " + expected);
        }
    }
}

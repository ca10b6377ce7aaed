package dev.forno.engine.containers;

import org.jspecify.annotations.Nullable;

/** Where a container's network comes from. */
sealed interface NetworkMode {
    /** An own namespace connected to the engine's bridge. */
    record Bridge() implements NetworkMode {}

    /** The host's namespace. */
    record Host() implements NetworkMode {}

    /** An own namespace with nothing but loopback. */
    record None() implements NetworkMode {}

    /** Another container's namespace. */
    record Joined(String container) implements NetworkMode {}

    /** Reads Docker's words; null for the name of a user-defined network. */
    static @Nullable NetworkMode parse(String text) {
        return switch (text) {
            case "", "default", "bridge" -> new Bridge();
            case "host" -> new Host();
            case "none" -> new None();
            default -> text.startsWith("container:") ? new Joined(text.substring("container:".length())) : null;
        };
    }

    /** The mode of a container that was created, so that its text is known to be good. */
    static NetworkMode of(HostOptions host) {
        NetworkMode mode = parse(host.network().mode());
        return mode == null ? new None() : mode;
    }
}

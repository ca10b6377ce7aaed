package dev.forno.registry.hosts;

/** What a host may be asked for (containerd's {@code hosts.toml}). */
public enum Capability {
    /** Content by digest. */
    PULL,
    /** What a tag names. */
    RESOLVE,
    /** Taking content in. */
    PUSH
}

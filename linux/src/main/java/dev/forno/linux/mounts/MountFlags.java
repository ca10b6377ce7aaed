package dev.forno.linux.mounts;

/** Flags of mount(2). */
public final class MountFlags {
    public static final long MS_BIND = 4096;
    public static final long MS_REC = 16384;

    private MountFlags() {}
}

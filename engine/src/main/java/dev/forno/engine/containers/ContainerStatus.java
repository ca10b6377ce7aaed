package dev.forno.engine.containers;

import java.util.Locale;

/** Where a container is in its life. */
public enum ContainerStatus {
    /** Recorded, never started (or its start failed). */
    CREATED,
    /** Its process runs. */
    RUNNING,
    /** Its processes are frozen. */
    PAUSED,
    /** Its process has ended. */
    EXITED,
    /** It is being removed. */
    REMOVING,
    /** Its removal failed; removing it again may succeed. */
    DEAD;

    /** Whether there is a process, frozen or not. */
    public boolean hasTask() {
        return this == RUNNING || this == PAUSED;
    }

    /** The word that clients know. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

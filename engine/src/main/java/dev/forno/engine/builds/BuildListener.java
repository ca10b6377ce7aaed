package dev.forno.engine.builds;

import dev.forno.oci.Digest;

/** Hears of a build's progress, one call at a time, each to be passed on at once. Calls may throw to cancel the build. */
public interface BuildListener {

    /** Text for the user, in pieces: whole lines of the builder and output of commands as it comes. */
    void text(String text);

    /** The image's id (Docker's {@code aux} message); called once, after the build's last step. */
    void image(Digest id);

    /**
     * Progress of a base image's pull.
     *
     * @param layer a short id of what is transferred; empty for a line about the image
     * @param status as {@code Downloading} or {@code Pull complete}
     * @param current bytes so far, 0 when unknown
     * @param total bytes in all, 0 when unknown
     */
    void pull(String layer, String status, long current, long total);
}

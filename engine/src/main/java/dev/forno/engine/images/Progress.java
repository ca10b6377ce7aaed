package dev.forno.engine.images;

import org.jspecify.annotations.Nullable;

/** One step of a long image operation, worded as Docker's clients show it. */
public sealed interface Progress {
    /**
     * A layer or the whole operation entered a state, as {@code 3f4a…: Pull complete}.
     *
     * @param id the layer's short id or the tag, null when it concerns the whole operation
     */
    record Status(@Nullable String id, String status) implements Progress {}

    /**
     * Bytes moved, as {@code Downloading}.
     *
     * @param total the expected bytes, 0 when unknown
     */
    record Bytes(String id, String status, long current, long total) implements Progress {}

    /** A piece of text to be shown as it is, line end included, as {@code Loaded image: busybox:latest\n}. */
    record Text(String text) implements Progress {}

    /** A tag was pushed; shown as {@code latest: digest: sha256:… size: 405}. */
    record Pushed(String tag, String digest, long size) implements Progress {}

    /** Takes progress. Calls are serialised, may come from any thread, and should return quickly. */
    @FunctionalInterface
    interface Listener {
        /** Ignores everything. */
        Listener NONE = progress -> {};

        /** Takes one step. */
        void on(Progress progress);
    }
}

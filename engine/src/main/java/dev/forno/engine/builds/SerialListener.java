package dev.forno.engine.builds;

import dev.forno.engine.images.Progress;
import dev.forno.oci.Digest;

/** Passes progress on, one call at a time; a quiet build's text is kept back and shown only if it fails. Thread-safe. */
final class SerialListener {
    private static final int MAX_KEPT = 1 << 20;

    private final BuildListener listener;
    private final boolean quiet;
    private final StringBuilder kept = new StringBuilder();

    SerialListener(BuildListener listener, boolean quiet) {
        this.listener = listener;
        this.quiet = quiet;
    }

    synchronized void text(String text) {
        if (!quiet) {
            listener.text(text);
            return;
        }
        kept.append(text);
        if (kept.length() > MAX_KEPT) {
            kept.delete(0, kept.length() - MAX_KEPT);
        }
    }

    synchronized void pull(Progress progress) {
        switch (progress) {
            case Progress.Text text -> text(text.text());
            case Progress.Status status -> {
                if (!quiet) {
                    listener.pull(status.id() == null ? "" : status.id(), status.status(), 0, 0);
                }
            }
            case Progress.Bytes bytes -> {
                if (!quiet) {
                    listener.pull(bytes.id(), bytes.status(), bytes.current(), bytes.total());
                }
            }
            case Progress.Pushed _ -> {}
        }
    }

    synchronized void image(Digest id) {
        listener.image(id);
    }

    synchronized void finish(Digest id) {
        if (quiet) {
            listener.text(id + "\n");
        }
    }

    synchronized void failed() {
        if (quiet && !kept.isEmpty()) {
            listener.text(kept.toString());
        }
    }
}

package dev.forno.engine.images;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which images {@link Images#list} and {@link ImageRemoval#prune} take. All conditions must hold; of {@code references} one
 * must match.
 *
 * @param references name patterns, as {@code busybox}, {@code *:latest}, {@code 127.0.0.1:5000/team/*}
 * @param dangling true: only images without a name; false: only named ones; null: both
 * @param labels {@code key} or {@code key=value}, all of which the image must carry
 * @param notLabels {@code key} or {@code key=value}, none of which it may carry
 * @param before references or ids: only images created before each of them
 * @param since references or ids: only images created after each of them
 * @param until only images created before that time
 */
public record ImageFilter(
        List<String> references,
        @Nullable Boolean dangling,
        List<String> labels,
        List<String> notLabels,
        List<String> before,
        List<String> since,
        @Nullable Instant until) {
    /** No condition. */
    public static final ImageFilter ALL =
            new ImageFilter(List.of(), null, List.of(), List.of(), List.of(), List.of(), null);

    /** Copies the lists. */
    public ImageFilter {
        references = List.copyOf(references);
        labels = List.copyOf(labels);
        notLabels = List.copyOf(notLabels);
        before = List.copyOf(before);
        since = List.copyOf(since);
    }
}

package dev.forno.engine.images;

import dev.forno.engine.Filters;
import dev.forno.engine.Moments;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
 * @param all also unnamed images from which others were built here
 */
public record ImageFilter(
        List<String> references,
        @Nullable Boolean dangling,
        List<String> labels,
        List<String> notLabels,
        List<String> before,
        List<String> since,
        @Nullable Instant until,
        boolean all) {
    /** No condition. */
    public static final ImageFilter ALL =
            new ImageFilter(List.of(), null, List.of(), List.of(), List.of(), List.of(), null, false);

    /** Copies the lists. */
    public ImageFilter {
        references = List.copyOf(references);
        labels = List.copyOf(labels);
        notLabels = List.copyOf(notLabels);
        before = List.copyOf(before);
        since = List.copyOf(since);
    }

    /** Whether a prune of every unused image is meant, whatever its name, labels and age. */
    boolean takesAll() {
        return Boolean.FALSE.equals(dangling) && until == null && labels.isEmpty() && notLabels.isEmpty();
    }

    /**
     * What a client's filters ask for: reference, dangling, label, label!, before, since, until.
     *
     * @param now the time that durations in {@code until} count back from
     * @throws dev.forno.oci.FornoException INVALID_ARGUMENT for other keys and malformed values
     */
    public static ImageFilter of(Filters filters, boolean all, Instant now) {
        filters.requireKnown(Set.of("reference", "dangling", "label", "label!", "before", "since", "until"));
        Boolean dangling = filters.has("dangling") ? filters.flag("dangling", false) : null;
        Instant until = null;
        for (String text : filters.get("until")) {
            Instant time = Moments.parse(text, now);
            until = until == null || time.isBefore(until) ? time : until;
        }
        return new ImageFilter(
                filters.get("reference"),
                dangling,
                filters.get("label"),
                filters.get("label!"),
                filters.get("before"),
                filters.get("since"),
                until,
                all);
    }

    /**
     * What a client's filters ask a prune for: dangling (true when not given), until, label, label!.
     *
     * @throws dev.forno.oci.FornoException INVALID_ARGUMENT for other keys, malformed values, and several of {@code until}
     */
    public static ImageFilter forPrune(Filters filters, Instant now) {
        filters.requireKnown(Set.of("dangling", "until", "label", "label!"));
        return new ImageFilter(
                List.of(),
                filters.flag("dangling", true),
                filters.get("label"),
                filters.get("label!"),
                List.of(),
                List.of(),
                Moments.until(filters, now),
                false);
    }
}

package dev.forno.engine.images;

import dev.forno.oci.ImageConfig;
import dev.forno.oci.Reference;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;

/**
 * Which images a filter takes.
 *
 * @param before the creation times of the filter's {@code before} images
 * @param since the creation times of the filter's {@code since} images
 */
record Selection(ImageFilter filter, List<Instant> before, List<Instant> since) {
    /** Whether an image is taken, given all its names. */
    boolean takes(ImageConfig config, List<Reference> names, boolean isParent) {
        boolean unnamed = names.stream().noneMatch(name -> name.digest() == null);
        if (names.isEmpty() && isParent && !filter.all()) {
            return false;
        }
        if (filter.dangling() != null && filter.dangling() != (unnamed && !isParent)) {
            return false;
        }
        if (!filter.references().isEmpty() && shown(names).isEmpty()) {
            return false;
        }
        return takesTime(config) && takesLabels(config);
    }

    /** The names to be shown: with reference patterns only those that match one. */
    List<Reference> shown(List<Reference> names) {
        return filter.references().isEmpty()
                ? names
                : names.stream()
                        .filter(name -> filter.references().stream().anyMatch(pattern -> matches(pattern, name)))
                        .toList();
    }

    boolean takesLabels(ImageConfig config) {
        Map<String, String> own = config.execution().labels();
        Map<String, String> labels = own == null ? Map.of() : own;
        return filter.labels().stream().allMatch(wanted -> has(labels, wanted))
                && filter.notLabels().stream().noneMatch(unwanted -> has(labels, unwanted));
    }

    /** Whether the time fits; an image that doesn't say when it was made isn't older than anything. */
    boolean takesTime(ImageConfig config) {
        Instant until = filter.until();
        Instant created = ImageList.created(config.created());
        String text = config.created();
        if (until != null && (text == null || text.isEmpty())) {
            return false;
        }
        return before.stream().allMatch(created::isBefore)
                && since.stream().allMatch(created::isAfter)
                && (until == null || created.isBefore(until));
    }

    private static boolean has(Map<String, String> labels, String condition) {
        int equals = condition.indexOf('=');
        return equals < 0
                ? labels.containsKey(condition)
                : condition.substring(equals + 1).equals(labels.get(condition.substring(0, equals)));
    }

    /** Docker's match: a path pattern against the familiar reference, or against the familiar name alone. */
    private static boolean matches(String pattern, Reference name) {
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("{", "\\{"));
        } catch (PatternSyntaxException e) {
            return pattern.equals(name.familiar());
        }
        return matcher.matches(Path.of(name.familiar())) || matcher.matches(Path.of(name.familiarName()));
    }
}

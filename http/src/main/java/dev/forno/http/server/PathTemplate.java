package dev.forno.http.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with named parts: <code>{name}</code> matches one segment, <code>{name...}</code> one or more segments. At most
 * one part may match several segments.
 */
final class PathTemplate {
    private final List<String> segments;
    private final int greedy;

    PathTemplate(String template) {
        this.segments = split(template);
        int found = -1;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).endsWith("...}")) {
                if (found >= 0) {
                    throw new IllegalArgumentException(
                            "path template " + template + ": more than one part is open-ended");
                }
                found = i;
            }
        }
        this.greedy = found;
    }

    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** The named parts when {@code path} matches. */
    Optional<Map<String, String>> match(List<String> path) {
        int extra = path.size() - segments.size();
        if (extra < 0 || (extra > 0 && greedy < 0)) {
            return Optional.empty();
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0, at = 0; i < segments.size(); i++) {
            int width = i == greedy ? extra + 1 : 1;
            if (!matchSegment(segments.get(i), path.subList(at, at + width), parts)) {
                return Optional.empty();
            }
            at += width;
        }
        return Optional.of(parts);
    }

    private static boolean matchSegment(String segment, List<String> actual, Map<String, String> parts) {
        if (!segment.startsWith("{")) {
            return segment.equals(actual.getFirst());
        }
        String value = String.join("/", actual);
        if (value.isEmpty()) {
            return false;
        }
        parts.put(segment.substring(1, segment.length() - (segment.endsWith("...}") ? 4 : 1)), value);
        return true;
    }
}

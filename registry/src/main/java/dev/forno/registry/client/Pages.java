package dev.forno.registry.client;

import dev.forno.registry.hosts.Addresses;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a listing, each of which links to the next one (RFC 8288; distribution spec, "Listing Tags"). A page that was
 * read before ends them. Used by one thread.
 */
final class Pages {
    private static final int MAX_PAGES = 1000;

    private final Set<URI> read = new HashSet<>();
    private @Nullable URI current;

    Pages(URI first) {
        current = first;
        read.add(first);
    }

    /** The page to read now, or null after the last one. */
    @Nullable
    URI current() {
        return current;
    }

    /** Goes on to the page that {@code page}, the current one, links to. */
    void turn(Reply page) {
        URI from = current;
        current = from == null || read.size() >= MAX_PAGES
                ? null
                : page.headers().allValues("link").stream()
                        .flatMap(header -> next(header).stream())
                        .findFirst()
                        .flatMap(target -> resolved(from, target))
                        .filter(read::add)
                        .orElse(null);
    }

    /** The target of the first link whose relation is {@code next}. */
    static Optional<String> next(String header) {
        for (String link : parts(header, ',')) {
            List<String> parts = parts(link, ';');
            String target = parts.getFirst().strip();
            if (target.startsWith("<") && target.endsWith(">") && isNext(parts.subList(1, parts.size()))) {
                return Optional.of(target.substring(1, target.length() - 1));
            }
        }
        return Optional.empty();
    }

    /** Of several relation parameters only the first counts; it may name several relations. */
    private static boolean isNext(List<String> parameters) {
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals >= 0 && parameter.substring(0, equals).strip().equalsIgnoreCase("rel")) {
                String names = parameter.substring(equals + 1).replace('"', ' ').strip();
                return List.of(names.toLowerCase(Locale.ROOT).split("\\s+")).contains("next");
            }
        }
        return false;
    }

    /** What is between separators outside of addresses and quotes. */
    private static List<String> parts(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        boolean address = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                quoted = c != '"';
                // What is escaped ends nothing.
                i += c == '\\' ? 1 : 0;
            } else if (address) {
                address = c != '>';
            } else if (c == separator) {
                parts.add(text.substring(start, i));
                start = i + 1;
            } else {
                quoted = c == '"';
                address = c == '<';
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Optional<URI> resolved(URI current, String target) {
        try {
            URI next = current.resolve(target);
            return Addresses.sameOrigin(current, next) ? Optional.of(next) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

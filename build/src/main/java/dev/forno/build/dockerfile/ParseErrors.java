package dev.forno.build.dockerfile;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Collection;
import java.util.Locale;

/** Errors in Docker's words, and its suggestions for misspelt names. */
final class ParseErrors {
    private ParseErrors() {}

    static FornoException at(int line, String reason) {
        return plain("dockerfile parse error on line " + line + ": " + reason);
    }

    static FornoException plain(String message) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, message);
    }

    /** {@code  (did you mean RUN?)} for a name within a few letters of a known one, else empty. */
    static String suggestion(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String best = "";
        int bestDistance = Math.max(1, wanted.length() / 3) + 1;
        for (String candidate : known.stream().sorted().toList()) {
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT), bestDistance);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best.isEmpty() || bestDistance == 0 ? "" : " (did you mean " + best + "?)";
    }

    /** Levenshtein's distance, or {@code limit} when the lengths already differ by more. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

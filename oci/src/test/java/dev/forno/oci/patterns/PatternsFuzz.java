package dev.forno.oci.patterns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;

/** Ignore files and patterns of COPY: read and matched, or refused. */
public final class PatternsFuzz {
    private PatternsFuzz() {}

    /** Up to the first zero byte the patterns, behind it the path. */
    public static void fuzzerTestOneInput(byte[] input) {
        int zero = 0;
        while (zero < input.length && input[zero] != 0) {
            zero++;
        }
        String patterns = new String(input, 0, zero, UTF_8);
        String path = new String(input, Math.min(zero + 1, input.length), Math.max(0, input.length - zero - 1), UTF_8);
        try {
            IgnorePatterns ignored = IgnorePatterns.parse(patterns);
            boolean excluded = ignored.excludes(path);
            boolean walked = ignored.mayIncludeBelow(path);
            if (!excluded && !walked && IgnorePatterns.NONE.excludes(path)) {
                throw new AssertionError("nothing excludes");
            }
            PathPattern.hasWildcards(patterns);
            PathPattern.of(patterns).matches(path);
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.INVALID_ARGUMENT) {
                throw new AssertionError("a refusal of the kind " + e.kind(), e);
            }
        }
    }
}

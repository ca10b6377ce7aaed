package dev.forno.oci;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a variant asks of processors of its architecture, as {@code v8.2}.
 *
 * @param major -1 for a variant that is not known, which no other includes
 */
record VariantLevel(String architecture, int major, int minor) implements Comparable<VariantLevel> {
    private static final Pattern NUMBERED = Pattern.compile("v?([0-9]{1,3})(?:\\.([0-9]{1,3}))?");
    private static final Comparator<VariantLevel> ORDER =
            Comparator.comparingInt(VariantLevel::major).thenComparingInt(VariantLevel::minor);

    /** Armv9.N has all of Armv8.(N+5), by Arm's definition. */
    private static final int NINE_AHEAD = 5;

    /** The level of a variant; none is the architecture's least. */
    static VariantLevel of(String architecture, @Nullable String variant) {
        if (variant == null) {
            return new VariantLevel(architecture, least(architecture), 0);
        }
        Matcher numbered = NUMBERED.matcher(variant);
        if (!numbered.matches()) {
            return new VariantLevel(architecture, -1, 0);
        }
        String minor = numbered.group(2);
        return new VariantLevel(
                architecture, Integer.parseInt(numbered.group(1)), minor == null ? 0 : Integer.parseInt(minor));
    }

    private static int least(String architecture) {
        return switch (architecture) {
            case "amd64" -> 1;
            case "arm64" -> 8;
            case "arm" -> 7;
            default -> 0;
        };
    }

    /** Whether a processor of this level runs what asks for the other. */
    boolean includes(VariantLevel other) {
        if (major < 0 || other.major < 0) {
            return false;
        }
        if (architecture.equals("arm64") && major == 9 && other.major == 8) {
            return other.minor <= minor + NINE_AHEAD;
        }
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(VariantLevel other) {
        return ORDER.compare(this, other);
    }
}

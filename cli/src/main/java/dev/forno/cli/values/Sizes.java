package dev.forno.cli.values;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sizes in bytes, read and printed as the Docker command line does. */
public final class Sizes {
    private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    /** Reads {@code 512m}, {@code 1.5g}, {@code 100}; units are powers of 1024. Null when it is no size. */
    public static @Nullable Long parse(String text) {
        String value = text.toLowerCase(Locale.ROOT).strip();
        if (value.equals("-1")) {
            return -1L;
        }
        int end = 0;
        while (end < value.length() && (Character.isDigit(value.charAt(end)) || value.charAt(end) == '.')) {
            end++;
        }
        String unit = value.substring(end).strip();
        int power;
        switch (unit) {
            case "", "b" -> power = 0;
            case "k", "kb", "kib" -> power = 1;
            case "m", "mb", "mib" -> power = 2;
            case "g", "gb", "gib" -> power = 3;
            case "t", "tb", "tib" -> power = 4;
            case "p", "pb", "pib" -> power = 5;
            default -> {
                return null;
            }
        }
        try {
            return new BigDecimal(value.substring(0, end))
                    .multiply(BigDecimal.valueOf(1L << (10 * power)))
                    .longValue();
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Decimal units with three significant digits, as image sizes: {@code 164MB}, {@code 1.98MB}, {@code 0B}. */
    public static String decimal(double size) {
        return format(size, 1000, DECIMAL, 3);
    }

    /** Binary units with four significant digits, as memory: {@code 23.54GiB}. */
    public static String binary(double size) {
        return format(size, 1024, BINARY, 4);
    }

    /** Decimal units with four significant digits, as the sizes of a container's files. */
    public static String precise(double size) {
        return format(size, 1000, DECIMAL, 4);
    }

    private static String format(double size, double base, String[] units, int digits) {
        int unit = 0;
        double value = size;
        while (value >= base && unit < units.length - 1) {
            value /= base;
            unit++;
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (rounded.signum() == 0) {
            return "0" + units[unit];
        }
        String text = rounded.stripTrailingZeros().toPlainString();
        return text + units[unit];
    }
}

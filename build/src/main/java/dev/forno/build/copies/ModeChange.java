package dev.forno.build.copies;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.regex.Pattern;

/** What {@code --chmod} does to a mode: octal, or chmod(1)'s symbolic form such as {@code u=rwX,go=rX}. */
public final class ModeChange {
    private static final Pattern OCTAL = Pattern.compile("[0-7]{1,5}");
    private static final Pattern CLAUSE = Pattern.compile("[ugoa]*([-+=][rwxXst]*)+");

    private final String text;

    private ModeChange(String text) {
        this.text = text;
    }

    /** Parses; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public static ModeChange parse(String text) {
        boolean octal = OCTAL.matcher(text).matches() && Integer.parseInt(text, 8) <= 07777;
        if (!octal) {
            for (String clause : text.split(",", -1)) {
                if (!CLAUSE.matcher(clause).matches()) {
                    throw new FornoException(
                            ErrorKind.INVALID_ARGUMENT,
                            "invalid chmod parameter: '" + text
                                    + "'. it should be octal string and between 0 and 07777, or symbolic as u=rwX,go=rX");
                }
            }
        }
        return new ModeChange(text);
    }

    /** The mode after the change. */
    public int apply(int mode, boolean directory) {
        if (OCTAL.matcher(text).matches()) {
            return Integer.parseInt(text, 8);
        }
        int result = mode;
        for (String clause : text.split(",", -1)) {
            int at = 0;
            int who = 0;
            for (; "ugoa".indexOf(clause.charAt(at)) >= 0; at++) {
                who |= switch (clause.charAt(at)) {
                    case 'u' -> 04700;
                    case 'g' -> 02070;
                    case 'o' -> 01007;
                    default -> 07777;
                };
            }
            who = who == 0 ? 07777 : who;
            while (at < clause.length()) {
                char operator = clause.charAt(at++);
                int bits = 0;
                for (; at < clause.length() && "-+=".indexOf(clause.charAt(at)) < 0; at++) {
                    bits |= bits(clause.charAt(at), directory || (result & 0111) != 0);
                }
                result = switch (operator) {
                    case '+' -> result | (bits & who);
                    case '-' -> result & ~(bits & who);
                    default -> (result & ~(who & (directory ? 0777 : 07777))) | (bits & who);
                };
            }
        }
        return result;
    }

    private static int bits(char permission, boolean executable) {
        return switch (permission) {
            case 'r' -> 0444;
            case 'w' -> 0222;
            case 'x' -> 0111;
            case 'X' -> executable ? 0111 : 0;
            case 's' -> 06000;
            default -> 01000;
        };
    }
}

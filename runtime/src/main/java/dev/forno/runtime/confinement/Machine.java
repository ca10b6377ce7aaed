package dev.forno.runtime.confinement;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What system call filters ask about the machine.
 *
 * @param architecture the GOARCH name
 * @param kernel the version's first number
 * @param revision the version's second number
 */
public record Machine(String architecture, int kernel, int revision) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\\.(\\d{1,9}).*", Pattern.DOTALL);

    /** This machine. */
    public static Machine host() {
        return of(Platform.host().architecture(), System.getProperty("os.version", "0.0"));
    }

    /** A machine with a kernel as {@code uname -r} says it. */
    public static Machine of(String architecture, String release) {
        Matcher m = version(release);
        return new Machine(architecture, Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
    }

    /** The architecture's name in filters, or empty for one without filters. */
    String seccompArchitecture() {
        return switch (architecture) {
            case "amd64" -> "SCMP_ARCH_X86_64";
            case "386" -> "SCMP_ARCH_X86";
            case "arm64" -> "SCMP_ARCH_AARCH64";
            case "arm" -> "SCMP_ARCH_ARM";
            case "riscv64" -> "SCMP_ARCH_RISCV64";
            case "ppc64le" -> "SCMP_ARCH_PPC64LE";
            case "s390x" -> "SCMP_ARCH_S390X";
            case "loong64" -> "SCMP_ARCH_LOONGARCH64";
            default -> "";
        };
    }

    /** Whether the kernel is at least {@code minimum}, as {@code 4.8}. */
    boolean kernelIsAtLeast(String minimum) {
        Matcher m = version(minimum);
        int wanted = Integer.parseInt(m.group(1));
        return kernel > wanted || (kernel == wanted && revision >= Integer.parseInt(m.group(2)));
    }

    private static Matcher version(String text) {
        Matcher m = VERSION.matcher(text);
        if (!m.matches()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "invalid kernel version: \"" + text + "\", expected \"<kernel>.<major>\"");
        }
        return m;
    }
}

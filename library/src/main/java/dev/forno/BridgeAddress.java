package dev.forno;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's address with its prefix length, as {@code 10.77.0.1/24}.
 *
 * @param subnet as {@code 10.77.0.0/24}
 * @param gateway the address, or null when the text named only the subnet
 */
record BridgeAddress(String subnet, @Nullable String gateway) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    static BridgeAddress parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw invalid(text);
        }
        int address = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(m.group(i));
            if (octet > 255) {
                throw invalid(text);
            }
            address = address << 8 | octet;
        }
        int prefix = Integer.parseInt(m.group(5));
        if (prefix < 8 || prefix > 29) {
            throw invalid(text);
        }
        int network = address & (-1 << (32 - prefix));
        return new BridgeAddress(dotted(network) + "/" + prefix, address == network ? null : dotted(address));
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    private static FornoException invalid(String text) {
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT,
                "read configuration: subnet = " + text + ": expected an IPv4 address with a prefix of 8 to 29 bits");
    }
}

package dev.forno.network.hosts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;

/** The text of a container's {@code /etc/hosts}. */
public final class HostsFile {
    private static final String LOCAL = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;

    private HostsFile() {}

    /**
     * Makes the text: the local names, the extra ones in order, then the container's own.
     *
     * @param ip the container's address, empty when it has none
     * @param hostname its host name; when it has a domain, the name without it is written, too
     * @param domainname its domain, empty when it has none
     * @param extraHosts as {@code name:address} or {@code name=address}; the address {@code host-gateway} stands for the
     *     host as the container sees it
     * @param hostGateway that address: the bridge's own
     */
    public static String text(
            String ip, String hostname, String domainname, List<String> extraHosts, String hostGateway) {
        StringBuilder text = new StringBuilder(LOCAL);
        for (String extra : extraHosts) {
            int cut = separator(extra);
            String address = extra.substring(cut + 1);
            if (address.equals("host-gateway")) {
                if (hostGateway.isEmpty()) {
                    throw new FornoException(
                            ErrorKind.INVALID_ARGUMENT,
                            "unable to derive the IP value for host-gateway: the container is in no network");
                }
                address = hostGateway;
            }
            line(text, address, extra.substring(0, cut));
        }
        if (!ip.isEmpty()) {
            String full = domainname.isEmpty() ? hostname : hostname + "." + domainname;
            int dot = full.indexOf('.');
            line(text, ip, dot < 0 ? full : full + " " + full.substring(0, dot));
        }
        return text.toString();
    }

    private static int separator(String extra) {
        int equals = extra.indexOf('=');
        int cut = equals > 0 ? equals : extra.indexOf(':');
        if (cut < 1 || cut == extra.length() - 1) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "bad format for add-host: \"" + extra + "\"");
        }
        return cut;
    }

    private static void line(StringBuilder text, String address, String names) {
        text.append(address).append('\t').append(names).append('\n');
    }
}

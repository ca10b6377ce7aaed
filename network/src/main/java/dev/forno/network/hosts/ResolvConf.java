package dev.forno.network.hosts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The content of a resolv.conf file.
 *
 * @param nameservers addresses, in order
 * @param search domains, in order
 * @param options as {@code ndots:2}
 */
public record ResolvConf(List<String> nameservers, List<String> search, List<String> options) {
    /** What containers get when the host's own servers can't be reached from them. */
    private static final List<String> PUBLIC = List.of("8.8.8.8", "8.8.4.4");

    public ResolvConf {
        nameservers = List.copyOf(nameservers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }

    /** Reads a host's file; lines that are no name server, search list or options are passed over. */
    public static ResolvConf parse(String text) {
        List<String> nameservers = new ArrayList<>();
        List<String> search = new ArrayList<>();
        List<String> options = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            if (words.length < 2) {
                continue;
            }
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0].toLowerCase(Locale.ROOT)) {
                case "nameserver" -> nameservers.add(values.getFirst());
                case "search", "domain" -> { // the last one counts
                    search.clear();
                    search.addAll(values);
                }
                case "options" -> options.addAll(values);
                default -> {}
            }
        }
        return new ResolvConf(nameservers, search, options);
    }

    /**
     * What a container in its own network namespace gets: the host's values, each list replaced where the caller names
     * its own, without loopback servers (the host's loopback is not the container's), and public servers when none is
     * left. A single search domain {@code .} means no search at all.
     */
    public ResolvConf forContainer(List<String> dns, List<String> dnsSearch, List<String> dnsOptions) {
        List<String> servers = dns.isEmpty()
                ? nameservers.stream().filter(ResolvConf::reachable).toList()
                : dns;
        List<String> domains = dnsSearch.isEmpty() ? search : dnsSearch;
        return new ResolvConf(
                servers.isEmpty() ? PUBLIC : servers,
                domains.equals(List.of(".")) ? List.of() : domains,
                dnsOptions.isEmpty() ? options : dnsOptions);
    }

    /** The file's text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        nameservers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!search.isEmpty()) {
            text.append("search ").append(String.join(" ", search)).append('\n');
        }
        if (!options.isEmpty()) {
            text.append("options ").append(String.join(" ", options)).append('\n');
        }
        return text.toString();
    }

    /** Neither loopback, nor IPv6: a container of an IPv4 bridge reaches neither. */
    private static boolean reachable(String server) {
        return !server.startsWith("127.") && server.indexOf(':') < 0;
    }
}

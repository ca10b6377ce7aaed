package dev.forno.engine.containers;

import dev.forno.network.hosts.HostsFile;
import java.util.List;

/** Writes a container's {@code /etc/resolv.conf}, {@code /etc/hosts} and {@code /etc/hostname} before it starts. */
final class NetworkFiles {
    private NetworkFiles() {}

    /**
     * Writes the files of a container that has its own.
     *
     * @param ip the container's address, or empty
     * @param gateway the host's address in the container's network, or empty
     */
    static void write(Container container, ContainerDirectory directory, String ip, String gateway) {
        HostOptions.NetworkOptions network = container.host().network();
        String hostname = container.config().hostname();
        ContainerDirectory.write(directory.hostname(), hostname + "\n");
        if (NetworkMode.of(container.host()) instanceof NetworkMode.Host) {
            ContainerDirectory.write(directory.resolvConf(), hostResolvConf(network));
            ContainerDirectory.write(directory.hosts(), HostFacts.hosts() + extra(network.extraHosts()));
            return;
        }
        ContainerDirectory.write(
                directory.resolvConf(),
                HostFacts.resolvConf()
                        .forContainer(network.dns(), network.dnsSearch(), network.dnsOptions())
                        .text());
        ContainerDirectory.write(
                directory.hosts(),
                HostsFile.text(ip, hostname, container.config().domainname(), network.extraHosts(), gateway));
    }

    private static String hostResolvConf(HostOptions.NetworkOptions network) {
        return network.dns().isEmpty()
                        && network.dnsSearch().isEmpty()
                        && network.dnsOptions().isEmpty()
                ? HostFacts.resolvConfText()
                : HostFacts.resolvConf()
                        .forContainer(network.dns(), network.dnsSearch(), network.dnsOptions())
                        .text();
    }

    private static String extra(List<String> hosts) {
        StringBuilder lines = new StringBuilder();
        for (String host : hosts) {
            int cut = host.indexOf('=') > 0 ? host.indexOf('=') : host.indexOf(':');
            String address = host.substring(cut + 1);
            lines.append(address.equals("host-gateway") ? "127.0.0.1" : address)
                    .append('\t')
                    .append(host, 0, cut)
                    .append('\n');
        }
        return lines.toString();
    }
}

package dev.forno.engine.containers;

import dev.forno.network.hosts.ResolvConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What containers take over from the host's files. Read each time, because hosts change. */
final class HostFacts {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Path SYSTEMD_RESOLV_CONF = Path.of("/run/systemd/resolve/resolv.conf");

    private HostFacts() {}

    /** The host's name. */
    static String hostname() {
        return read(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    /** The text of the host's {@code /etc/hosts}, empty when there is none. */
    static String hosts() {
        return read(Path.of("/etc/hosts"));
    }

    /** The text of the host's {@code /etc/resolv.conf}. */
    static String resolvConfText() {
        return read(RESOLV_CONF);
    }

    /** The host's name servers; behind systemd-resolved's stub those that it asks itself. */
    static ResolvConf resolvConf() {
        ResolvConf own = ResolvConf.parse(resolvConfText());
        boolean stub = own.nameservers().stream().allMatch("127.0.0.53"::equals);
        return stub && Files.isReadable(SYSTEMD_RESOLV_CONF) ? ResolvConf.parse(read(SYSTEMD_RESOLV_CONF)) : own;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // a host without it: the container gets the defaults
        }
    }
}

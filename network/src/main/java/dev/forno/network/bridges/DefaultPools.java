package dev.forno.network.bridges;

import dev.forno.linux.netlink.Ipv4Address;
import dev.forno.linux.netlink.Ipv4Prefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The subnets for networks that name none: Docker's own default pools, so that nobody's firewall has to be told anew. */
final class DefaultPools {
    private static final List<Ipv4Prefix> POOLS = Stream.concat(
                    IntStream.rangeClosed(17, 31)
                            .mapToObj(second -> new Ipv4Prefix(Ipv4Address.parse("172." + second + ".0.0"), 16)),
                    IntStream.rangeClosed(0, 15)
                            .mapToObj(part -> new Ipv4Prefix(Ipv4Address.parse("192.168." + part * 16 + ".0"), 20)))
            .toList();

    private DefaultPools() {}

    /** The first pool that overlaps nothing in use. */
    static Optional<Ipv4Prefix> choose(List<Ipv4Prefix> used) {
        return POOLS.stream()
                .filter(pool -> used.stream().noneMatch(pool::overlaps))
                .findFirst();
    }
}

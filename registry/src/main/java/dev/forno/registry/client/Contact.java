package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.hosts.Addresses;
import dev.forno.registry.hosts.Host;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an address of a host said first.
 *
 * @param ping the request that was answered
 * @param challenges how it wants to be authenticated with; those of another origin, to which it may have redirected, don't
 *     count
 * @param refusal what it said when that was no success, or null
 */
record Contact(
        Outgoing ping,
        int status,
        List<Challenge> challenges,
        @Nullable FornoException refusal) {

    /** An address that gave no answer. */
    private record Failure(FornoException thrown, boolean mayPass) {}

    /**
     * Finds the address that answers for {@code host}: the first that gives an answer in HTTP other than 400 and doesn't
     * lead where nobody should go, tried in turn and, as long as a failure may pass, in turn again. When there is none, the
     * first refusal is returned or the first failure thrown, whichever came first.
     */
    static Contact make(Host host, Wire wire, Retries retries) {
        List<Outgoing> pings =
                host.bases().stream().map(base -> ping(host, base)).toList();
        for (int round = 1; ; round++) {
            Contact refused = null;
            List<Failure> failures = new ArrayList<>();
            for (Outgoing ping : pings) {
                // Only a round over all tells whether a failure passes: TLS and plain HTTP are garbage to each other.
                try {
                    Contact contact = of(ping, retries.answered(() -> wire.send(ping)));
                    if (contact.status() != 400) {
                        return contact;
                    }
                    refused = refused == null && failures.isEmpty() ? contact : refused;
                } catch (IOException e) {
                    failures.add(new Failure(Retries.unreachable(ping, e), Retries.mayPass(e)));
                } catch (FornoException e) {
                    if (e.kind() != ErrorKind.UNAVAILABLE) {
                        throw e;
                    }
                    failures.add(new Failure(e, false)); // it led elsewhere, where nobody should go
                }
            }
            if (failures.stream().anyMatch(Failure::mayPass) && round < retries.attempts()) {
                retries.pause(round, Duration.ZERO);
            } else if (refused != null) {
                return refused;
            } else {
                throw failures.getFirst().thrown();
            }
        }
    }

    private static Contact of(Outgoing ping, Reply answer) {
        try (answer) {
            boolean own = Addresses.sameOrigin(answer.request().uri(), ping.uri());
            List<Challenge> challenges = own ? Challenge.of(answer.headers()) : List.of();
            return new Contact(
                    ping, answer.status(), challenges, answer.isSuccess() ? null : RegistryErrors.of(answer));
        }
    }

    /** The request that finds out whether an address speaks the protocol. */
    private static Outgoing ping(Host host, URI base) {
        Outgoing ping = Outgoing.get(base.resolve(host.root() + "/")).with(host.trust());
        return ping.with(host.headers());
    }

    /** Some registries hide {@code /v2/} itself; a 400 is what a TLS port says to plain HTTP. */
    boolean speaksProtocol() {
        return (status >= 200 && status < 300) || status == 401 || status == 403 || status == 404;
    }
}

package dev.forno.registry.client;

import dev.forno.oci.FornoException;
import dev.forno.registry.hosts.Addresses;
import dev.forno.registry.hosts.Host;
import java.net.URI;
import java.util.List;
import java.util.Optional;
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

    /**
     * Finds the address that answers for {@code host}: the first that speaks the protocol. When none does, the first refusal
     * is returned or the first failure thrown, whichever came first.
     */
    static Contact make(Host host, Wire wire, Retries retries) {
        Contact refused = null;
        FornoException failed = null;
        for (URI base : host.bases()) {
            boolean last = base.equals(host.bases().getLast());
            // A plain server answers TLS with garbage, which looks like a passing failure.
            Retries patience = last || base.getScheme().equals("http") ? retries : retries.once();
            try {
                Contact contact = of(ping(host, base), wire, patience);
                if (contact.speaksProtocol()) {
                    return contact;
                }
                refused = refused == null && failed == null ? contact : refused;
                if (contact.status() != 400) {
                    break;
                }
            } catch (FornoException e) {
                failed = refused == null && failed == null ? e : failed;
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        if (refused != null) {
            return refused;
        }
        throw Optional.ofNullable(failed).orElseThrow();
    }

    private static Contact of(Outgoing ping, Wire wire, Retries retries) {
        try (Reply reply = retries.run(ping, () -> wire.send(ping))) {
            boolean own = Addresses.sameOrigin(reply.request().uri(), ping.uri());
            List<Challenge> challenges = own ? Challenge.of(reply.headers()) : List.of();
            return new Contact(ping, reply.status(), challenges, reply.isSuccess() ? null : RegistryErrors.of(reply));
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

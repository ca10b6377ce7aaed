package dev.forno.registry.client;

import dev.forno.oci.FornoException;
import dev.forno.registry.credentials.Credentials;
import dev.forno.registry.hosts.Addresses;
import dev.forno.registry.hosts.Host;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** An authenticated conversation with one host about one repository. Thread-safe. */
final class Session {
    private final Host host;
    private final Outgoing ping;
    private final Wire wire;
    private final Retries retries;
    private final Authorizer authorizer;

    private Session(Host host, Outgoing ping, Wire wire, Retries retries, Authorizer authorizer) {
        this.host = host;
        this.ping = ping;
        this.wire = wire;
        this.retries = retries;
        this.authorizer = authorizer;
    }

    /** Finds the address that answers for {@code host} and how it wants to be authenticated with. */
    static Session open(Host host, Credentials credentials, Wire wire, Tokens tokens, Retries retries) {
        FornoException first = null;
        for (URI base : host.bases()) {
            boolean last = base.equals(host.bases().getLast());
            // A plain server answers TLS with garbage, which looks like a passing failure.
            Retries patience = last || base.getScheme().equals("http") ? retries : retries.once();
            Outgoing ping = ping(host, base);
            try (Reply reply = patience.run(ping, () -> wire.send(ping))) {
                if (speaksProtocol(reply.status())) {
                    List<Challenge> challenges = Challenge.of(reply.headers());
                    Authorizer authorizer = new Authorizer(ping, credentials, tokens, challenges);
                    return new Session(host, ping, wire, retries, authorizer);
                }
                first = first == null ? RegistryErrors.of(reply) : first;
                if (last || reply.status() != 400) {
                    break;
                }
            } catch (FornoException e) {
                first = first == null ? e : first;
                if (last || Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        throw Optional.ofNullable(first).orElseThrow();
    }

    /** The request that finds out whether an address speaks the protocol. */
    static Outgoing ping(Host host, URI base) {
        Outgoing ping = Outgoing.get(base.resolve(host.root() + "/")).with(host.trust());
        return withHeaders(host, ping);
    }

    private static Outgoing withHeaders(Host host, Outgoing request) {
        Outgoing more = request;
        for (var header : host.headers().entrySet()) {
            more = more.with(header.getKey(), header.getValue());
        }
        return more;
    }

    /** Some registries hide {@code /v2/} itself; a 400 is what a TLS port says to plain HTTP. */
    private static boolean speaksProtocol(int status) {
        return (status >= 200 && status < 300) || status == 401 || status == 403 || status == 404;
    }

    /** The address of something in the repository, as {@code /manifests/latest}. */
    URI address(String path) {
        return address(path, "");
    }

    /** The same with a query. */
    URI address(String path, String query) {
        String namespace =
                host.namespace().isEmpty() ? "" : "ns=" + URLEncoder.encode(host.namespace(), StandardCharsets.UTF_8);
        String both = namespace.isEmpty() || query.isEmpty() ? namespace + query : query + "&" + namespace;
        return ping.uri().resolve(host.root() + "/" + host.repository() + path + (both.isEmpty() ? "" : "?" + both));
    }

    /** The host spoken to. */
    Host host() {
        return host;
    }

    /** The scopes for the repository. */
    List<String> scopes(Access access) {
        return List.of(access.scope(host.repository()));
    }

    Retries retries() {
        return retries;
    }

    /** Sends with authentication and retries; gives the answer whatever its status. */
    Reply send(Outgoing request, List<String> scopes) {
        return retries.run(request, () -> sendOnce(request, scopes));
    }

    /** Sends with authentication, once but for a renewed authentication. */
    Reply sendOnce(Outgoing request, List<String> scopes) throws IOException {
        Outgoing trusted = request.with(wire.trust(ping, request.uri()));
        Outgoing prepared = Addresses.sameOrigin(ping.uri(), request.uri()) ? withHeaders(host, trusted) : trusted;
        Outgoing sent = authorizer.authorize(prepared, scopes);
        Reply reply = wire.send(sent);
        if (reply.status() == 401 && authorizer.learn(sent, reply, scopes)) {
            reply.close();
            return wire.send(authorizer.authorize(prepared, scopes));
        }
        return reply;
    }
}

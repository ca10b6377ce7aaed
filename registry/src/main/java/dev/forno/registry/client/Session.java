package dev.forno.registry.client;

import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** An authenticated conversation with one registry. Thread-safe. */
final class Session {
    private final URI base;
    private final Wire wire;
    private final Retries retries;
    private final Authorizer authorizer;

    private Session(URI base, Wire wire, Retries retries, Authorizer authorizer) {
        this.base = base;
        this.wire = wire;
        this.retries = retries;
        this.authorizer = authorizer;
    }

    /** Finds the address that answers for {@code registry} and how it wants to be authenticated with. */
    static Session open(String registry, Credentials credentials, Wire wire, RegistryOptions options) {
        Retries retries = new Retries(options);
        List<URI> candidates = RegistryAddress.candidates(registry, options.insecureRegistries());
        FornoException first = null;
        for (URI base : candidates) {
            boolean last = base.equals(candidates.getLast());
            // A plain server answers TLS with garbage, which looks like a passing failure.
            Retries patience = last || base.getScheme().equals("http") ? retries : retries.once();
            Outgoing ping = Outgoing.get(base.resolve("/v2/"));
            try (Reply reply = patience.run(ping, () -> wire.send(ping))) {
                if (speaksProtocol(reply.status())) {
                    Authorizer authorizer = new Authorizer(
                            base,
                            credentials,
                            new Tokens(wire, retries),
                            options.clock(),
                            Challenge.of(reply.headers()));
                    return new Session(base, wire, retries, authorizer);
                }
                if (last || reply.status() != 400) {
                    throw RegistryErrors.of(reply);
                }
            } catch (FornoException e) {
                first = first == null ? e : first;
                if (last || Thread.currentThread().isInterrupted()) {
                    throw first;
                }
            }
        }
        throw new IllegalStateException("a registry has at least one address");
    }

    /** Some registries hide {@code /v2/} itself; a 400 is what a TLS port says to plain HTTP. */
    private static boolean speaksProtocol(int status) {
        return (status >= 200 && status < 300) || status == 401 || status == 403 || status == 404;
    }

    URI address(String path) {
        return base.resolve("/v2/" + path);
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
        Reply reply = wire.send(authorizer.authorize(request, scopes));
        if (reply.status() == 401 && authorizer.learn(reply, scopes)) {
            reply.close();
            return wire.send(authorizer.authorize(request, scopes));
        }
        return reply;
    }
}

package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.hosts.Addresses;
import dev.forno.registry.hosts.Host;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An authenticated conversation with one host about one repository. Thread-safe. */
final class Session {
    private final Host host;
    private final Outgoing ping;
    private final Wire wire;
    private final Retries retries;
    private final Authorizer authorizer;
    private final String remark;

    private Session(Host host, Outgoing ping, Wire wire, Retries retries, Authorizer authorizer, String remark) {
        this.host = host;
        this.ping = ping;
        this.wire = wire;
        this.retries = retries;
        this.authorizer = authorizer;
        this.remark = remark;
    }

    /**
     * Finds the address that answers for {@code host} and how it wants to be authenticated with.
     *
     * @param known whom to say that asks
     */
    static Session open(Host host, KnownCredentials known, Wire wire, Tokens tokens, Retries retries) {
        Contact contact = Contact.make(host, wire, retries);
        FornoException refusal = contact.refusal();
        if (refusal != null && !contact.speaksProtocol()) {
            throw refusal;
        }
        Authorizer authorizer = new Authorizer(contact.ping(), known.credentials(), tokens, contact.challenges());
        return new Session(host, contact.ping(), wire, retries, authorizer, known.remark());
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

    /** {@code scheme://host[:port]} of the address that answers. */
    String origin() {
        return ping.uri().getScheme() + "://" + ping.uri().getRawAuthority();
    }

    /** Whether it isn't known who asks, though it might be: what is hidden from nobody isn't found then. */
    boolean mayMiss() {
        return !remark.isEmpty();
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

    /**
     * Sends as {@link #send} does and reads what a successful answer holds, of at most {@code limit} bytes, trying again when
     * it breaks off.
     */
    Reply sendWhole(Outgoing request, List<String> scopes, int limit) {
        return retries.runWhole(request, limit, () -> sendOnce(request, scopes));
    }

    /** Sends with authentication, once but for a renewed authentication. */
    Reply sendOnce(Outgoing request, List<String> scopes) throws IOException {
        Outgoing trusted = request.with(wire.trust(ping, request.uri()));
        Outgoing prepared = Addresses.sameOrigin(ping.uri(), request.uri()) ? trusted.with(host.headers()) : trusted;
        Outgoing sent = authorized(prepared, scopes);
        Reply reply = wire.send(sent);
        if (reply.status() == 401 && authorizer.learn(sent, reply, scopes)) {
            reply.close();
            return wire.send(authorized(prepared, scopes)).remarked(remark);
        }
        return reply.remarked(remark);
    }

    private Outgoing authorized(Outgoing request, List<String> scopes) {
        try {
            return authorizer.authorize(request, scopes);
        } catch (FornoException e) {
            boolean unknown = e.kind() == ErrorKind.UNAUTHENTICATED || e.kind() == ErrorKind.PERMISSION_DENIED;
            throw unknown && !remark.isEmpty() ? new FornoException(e.kind(), e.getMessage() + remark, e) : e;
        }
    }
}

package dev.forno;

import dev.forno.http.server.Listener;
import dev.forno.http.server.TlsFiles;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.repositories.Retention;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An embedded registry: where it listens, who may use it, what it fetches from others. Inside an engine the keys begin with
 * {@code registry-}.
 *
 * @param listen addresses and ports, as {@code 127.0.0.1:5000} ({@code listen}, repeatable)
 * @param tlsCert the server's certificate in PEM form; plain HTTP without it ({@code tls-cert})
 * @param tlsKey its key ({@code tls-key})
 * @param clientCa authorities whose clients get in ({@code client-ca})
 * @param htpasswd users and bcrypt hashes; everyone may do everything without it ({@code htpasswd})
 * @param rights who may do what where ({@code rights})
 * @param token whether there is a token service for users ({@code token})
 * @param publicUrl where clients reach it, when that is a proxy that speaks TLS for it ({@code public-url})
 * @param upstreams registries that are fetched from, as {@code prefix=host} ({@code upstream}, repeatable)
 * @param upstreamTtl how long a tag of theirs is served without asking again ({@code upstream-ttl})
 * @param upstreamKeep how long what was fetched stays when nobody asks for it; for ever when zero ({@code upstream-keep})
 * @param upstreamSize how many bytes the blobs that were fetched may have; any number when zero ({@code upstream-size})
 * @param sparse whether manifests are accepted before what they need ({@code sparse})
 * @param gcInterval the time between collections ({@code gc-interval})
 * @param gcGrace how long a blob that no manifest needs stays ({@code gc-grace})
 */
public record RegistryConfig(
        List<String> listen,
        Optional<Path> tlsCert,
        Optional<Path> tlsKey,
        Optional<Path> clientCa,
        Optional<Path> htpasswd,
        Optional<Path> rights,
        boolean token,
        Optional<URI> publicUrl,
        List<String> upstreams,
        Duration upstreamTtl,
        Duration upstreamKeep,
        long upstreamSize,
        boolean sparse,
        Duration gcInterval,
        Duration gcGrace) {

    /** Open to everyone at the address. */
    public static RegistryConfig at(String listen) {
        return new RegistryConfig(
                List.of(listen),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                Duration.ofMinutes(10),
                Retention.DEFAULT.copies(),
                Retention.DEFAULT.copyBytes(),
                false,
                Duration.ofHours(1),
                Retention.DEFAULT.grace());
    }

    /** Checks what belongs together; throws {@link ErrorKind#INVALID_ARGUMENT}. */
    public RegistryConfig {
        listen = List.copyOf(listen);
        upstreams = List.copyOf(upstreams);
        listen.forEach(address -> TcpHost.parse("tcp://" + address));
        require(tlsCert.isPresent() == tlsKey.isPresent(), "tls-cert and tls-key belong together");
        require(clientCa.isEmpty() || tlsCert.isPresent(), "client-ca needs tls-cert and tls-key");
        require(rights.isEmpty() || htpasswd.isPresent(), "rights needs htpasswd");
        require(!token || htpasswd.isPresent(), "token needs htpasswd");
        require(publicUrl.isEmpty() || token, "public-url needs token");
        require(!gcInterval.isZero() && !gcInterval.isNegative(), "gc-interval must be longer than nothing");
        require(
                !gcGrace.isNegative() && !upstreamTtl.isNegative() && !upstreamKeep.isNegative(),
                "a time must not be negative");
        require(upstreamSize >= 0, "upstream-size must not be negative");
    }

    Retention retention() {
        return new Retention(gcGrace, Retention.DEFAULT.uploads(), upstreamKeep, upstreamSize);
    }

    List<Listener> listeners() {
        return listen.stream()
                .map(address -> listener(TcpHost.parse("tcp://" + address)))
                .toList();
    }

    private Listener listener(Listener.Tcp plain) {
        return tlsCert.isEmpty()
                ? plain
                : new Listener.Tls(
                        plain.host(), plain.port(), new TlsFiles(tlsCert.get(), tlsKey.orElseThrow(), clientCa));
    }

    private static void require(boolean fine, String reason) {
        if (!fine) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "read configuration: " + reason);
        }
    }
}

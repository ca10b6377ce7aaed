package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.FornoException;
import dev.forno.oci.Index;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Manifests that name another one as their subject (distribution spec, "Listing Referrers"): by the registry's own listing,
 * or by an index under the tag {@code sha256-…} where it has none ("Referrers Tag Schema").
 */
final class Referrers {
    private final Session session;
    private final List<String> scopes;

    Referrers(Session session, Access access) {
        this.session = session;
        this.scopes = session.scopes(access);
    }

    /** The manifests that refer to {@code subject}. */
    List<Descriptor> of(Digest subject) {
        List<Descriptor> all = new ArrayList<>();
        URI first = session.address("/referrers/" + subject);
        Pages pages = new Pages(first);
        for (URI page = first; page != null; page = pages.current()) {
            Outgoing request = Outgoing.get(page).with("accept", MediaTypes.OCI_INDEX);
            try (Reply reply = session.sendWhole(request, scopes, Documents.MAX_MANIFEST_BYTES)) {
                if (page.equals(first) && (reply.status() == 404 || !isIndex(reply))) {
                    return tagged(subject).map(Index::manifests).orElse(List.of());
                }
                all.addAll(index(request, reply).manifests());
                pages.turn(reply);
            }
        }
        return all;
    }

    /** Adds a manifest that was pushed to the index of its subject, where the registry keeps no listing itself. */
    void add(Descriptor manifest, byte[] bytes, Reply pushed) {
        Subject subject = subject(bytes);
        if (subject == null || pushed.header("oci-subject").isPresent()) {
            return;
        }
        Digest digest = subject.descriptor().contentDigest();
        List<Descriptor> entries =
                new ArrayList<>(tagged(digest).map(Index::manifests).orElse(List.of()));
        if (entries.stream().anyMatch(entry -> entry.digest().equals(manifest.digest()))) {
            return;
        }
        entries.add(new Descriptor(
                manifest.mediaType(),
                manifest.digest(),
                manifest.size(),
                null,
                subject.annotations(),
                null,
                subject.artifactType(),
                null));
        byte[] index = Documents.write(Index.class, Index.of(entries));
        Outgoing put = Outgoing.put(session.address("/manifests/" + tag(digest)), Body.of(index))
                .with("content-type", MediaTypes.OCI_INDEX);
        Reply reply = session.send(put, scopes);
        if (!reply.isSuccess()) {
            throw RegistryErrors.of(reply);
        }
        reply.close();
    }

    private record Subject(
            Descriptor descriptor,
            @Nullable String artifactType,
            @Nullable Map<String, String> annotations) {}

    private static @Nullable Subject subject(byte[] bytes) {
        try {
            Manifest manifest = Documents.manifest(bytes);
            Descriptor subject = manifest.subject();
            String type = manifest.artifactType();
            return subject == null
                    ? null
                    : new Subject(subject, type == null ? manifest.config().mediaType() : type, manifest.annotations());
        } catch (FornoException e) {
            // An index, whose subject is beside the layers' manifests.
            Index index = Documents.index(bytes);
            Descriptor subject = index.subject();
            return subject == null ? null : new Subject(subject, index.artifactType(), index.annotations());
        }
    }

    private Optional<Index> tagged(Digest subject) {
        Outgoing request =
                Outgoing.get(session.address("/manifests/" + tag(subject))).with("accept", MediaTypes.OCI_INDEX);
        Reply reply = session.sendWhole(request, scopes, Documents.MAX_MANIFEST_BYTES);
        if (reply.status() == 404) {
            reply.close();
            return Optional.empty();
        }
        try (reply) {
            return Optional.of(index(request, reply));
        }
    }

    private static Index index(Outgoing request, Reply reply) {
        if (!reply.isSuccess()) {
            throw RegistryErrors.of(reply);
        }
        try {
            return Documents.index(reply.bytes(Documents.MAX_MANIFEST_BYTES));
        } catch (IOException e) {
            throw Retries.unreachable(request, e);
        }
    }

    private static boolean isIndex(Reply reply) {
        return !reply.isSuccess() || MediaTypes.isIndex(reply.contentType());
    }

    private static String tag(Digest subject) {
        return subject.algorithm() + "-" + subject.hex();
    }
}

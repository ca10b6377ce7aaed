package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.JsonBinding;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.documents.TagList;
import dev.forno.registry.hosts.Capability;
import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, opened with credentials. Thread-safe; calls block, try again after passing failures, and an
 * interrupt cancels them. Refusals carry the texts that Docker's clients know.
 */
public final class Repository {
    private static final String ACCEPT = String.join(
            ", ",
            MediaTypes.OCI_INDEX,
            MediaTypes.DOCKER_LIST,
            MediaTypes.OCI_MANIFEST,
            MediaTypes.DOCKER_MANIFEST,
            "application/json;q=0.5");
    private static final Jsonb JSONB = JsonBinding.jsonb();

    private final Sites sites;
    private final Access access;
    private final Patience patience;

    Repository(Sites sites, Access access, Patience patience) {
        this.sites = sites;
        this.access = access;
        this.patience = patience;
    }

    /** The same without mirrors: where to ask again for what a mirror gave wrongly. */
    public Repository origin() {
        return new Repository(sites.origin(), access, patience);
    }

    /**
     * The manifest or index that {@code reference} names by digest or tag; its registry and repository serve for messages.
     *
     * @throws FornoException {@link ErrorKind#NOT_FOUND}, {@link ErrorKind#UNAUTHENTICATED}, {@link ErrorKind#UNAVAILABLE};
     *     {@link ErrorKind#DATA_LOSS} when the bytes don't have the digest
     */
    public ManifestDocument manifest(Reference reference) {
        return sites.any(
                reference.digest() == null ? Capability.RESOLVE : Capability.PULL,
                session -> manifest(session, reference));
    }

    private ManifestDocument manifest(Session session, Reference reference) {
        Digest digest = reference.digest();
        String selector = digest == null ? reference.optionalTag().orElse("latest") : digest.toString();
        Outgoing request =
                Outgoing.get(session.address("/manifests/" + selector)).with("accept", ACCEPT);
        Reply reply = session.sendWhole(request, session.scopes(access), Documents.MAX_MANIFEST_BYTES);
        if (!reply.isSuccess()) {
            throw RegistryErrors.ofReference(reply, reference);
        }
        try (reply) {
            byte[] bytes = reply.bytes(Documents.MAX_MANIFEST_BYTES);
            String sent = reply.header("docker-content-digest").orElse("");
            Digest expected = digest != null ? digest : sent.isEmpty() ? Digest.of(bytes) : Digest.parse(sent);
            Digest actual = Digest.of(expected.newAccumulator().digest(bytes), expected.algorithm());
            if (!actual.equals(expected)) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "manifest verification failed for digest " + expected + ": the content's digest is " + actual);
            }
            return ManifestDocument.read(reference.familiar(), reply.contentType(), expected, bytes);
        } catch (IOException e) {
            throw Retries.unreachable(request, e);
        }
    }

    /**
     * Whether what the registry says not to have may be there nonetheless: the credentials for it couldn't be had, and many
     * registries hide from nobody what only somebody may read.
     */
    public boolean mayMiss() {
        return sites.origin().all().getFirst().session().mayMiss();
    }

    /** The descriptor that a tag or digest names now, when there is one. */
    public Optional<Descriptor> head(String selector) {
        Session session = sites.origin().all().getFirst().session();
        Outgoing request =
                Outgoing.head(session.address("/manifests/" + selector)).with("accept", ACCEPT);
        try (Reply reply = session.send(request, session.scopes(access))) {
            if (reply.status() == 404) {
                return Optional.empty();
            }
            if (!reply.isSuccess()) {
                throw RegistryErrors.of(reply);
            }
            String digest = reply.header("docker-content-digest").orElse("");
            long size = reply.headers().firstValueAsLong("content-length").orElse(0);
            return digest.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Descriptor.of(reply.contentType(), Digest.parse(digest), size));
        }
    }

    /** Whether there is a manifest of that digest where pushes go. */
    public boolean holds(Digest manifest) {
        Session session = sites.forPush();
        Outgoing request =
                Outgoing.head(session.address("/manifests/" + manifest)).with("accept", ACCEPT);
        try (Reply reply = session.send(request, session.scopes(access))) {
            if (!reply.isSuccess() && reply.status() != 404) {
                throw RegistryErrors.of(reply);
            }
            return reply.isSuccess();
        }
    }

    /** All tags, as the registry orders them. */
    public List<String> tags() {
        return sites.any(Capability.RESOLVE, this::tags);
    }

    private List<String> tags(Session session) {
        List<String> tags = new ArrayList<>();
        Pages pages = new Pages(session.address("/tags/list"));
        for (URI page = pages.current(); page != null; page = pages.current()) {
            Outgoing request = Outgoing.get(page);
            Reply reply = session.sendWhole(request, session.scopes(access), Documents.MAX_MANIFEST_BYTES);
            if (!reply.isSuccess()) {
                throw RegistryErrors.ofReference(reply, sites.name());
            }
            try (reply) {
                TagList list = JSONB.type(TagList.class).fromJson(reply.bytes(Documents.MAX_MANIFEST_BYTES));
                if (list != null && list.tags() != null) {
                    tags.addAll(list.tags());
                }
                pages.turn(reply);
            } catch (IOException e) {
                throw Retries.unreachable(request, e);
            } catch (JsonException e) {
                throw new FornoException(
                        ErrorKind.UNAVAILABLE, request.quoted() + ": the answer is no list of tags", e);
            }
        }
        return tags;
    }

    /**
     * The manifests whose subject is {@code subject}, as signatures and bills of materials are, also where the registry keeps
     * no listing of them.
     */
    public List<Descriptor> referrers(Digest subject) {
        return sites.any(Capability.RESOLVE, session -> new Referrers(session, access).of(subject));
    }

    /** The bytes of a small blob, as a configuration, verified. {@code limit} is the largest size accepted. */
    public byte[] blob(Descriptor descriptor, int limit) {
        if (descriptor.size() > limit) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "fetch blob " + descriptor.digest() + ": " + descriptor.size() + " bytes, the limit is " + limit);
        }
        byte[] bytes = new byte[(int) descriptor.size()];
        fetch(descriptor, new BlobSink() {
            private int offset;

            @Override
            public long offset() {
                return offset;
            }

            @Override
            public void write(byte[] buffer, int start, int length) {
                System.arraycopy(buffer, start, bytes, offset, length);
                offset += length;
            }
        });
        Digest expected = descriptor.contentDigest();
        Digest actual = Digest.of(expected.newAccumulator().digest(bytes), expected.algorithm());
        if (!actual.equals(expected)) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS, "fetch blob " + expected + ": the content's digest is " + actual);
        }
        return bytes;
    }

    /**
     * Fetches a blob from {@code sink}'s offset on. The size is verified here; the digest is for the sink's owner to verify,
     * who has the earlier bytes too.
     */
    public void fetch(Descriptor blob, BlobSink sink) {
        sites.anyDoes(Capability.PULL, session -> new BlobDownload(session, blob, patience.stallTimeout()).into(sink));
    }

    /**
     * Makes the repository hold a blob.
     *
     * @param mountFrom another repository of the registry that probably has it, or null
     * @param progress takes the count of bytes sent so far; it starts again when an upload is tried again
     */
    public BlobOutcome push(Descriptor blob, BlobSource source, @Nullable String mountFrom, LongConsumer progress) {
        return push(blob, source, mountFrom, UploadMemory.NONE, progress);
    }

    /** The same; an upload that {@code memory} knows goes on where it broke off. */
    public BlobOutcome push(
            Descriptor blob,
            BlobSource source,
            @Nullable String mountFrom,
            UploadMemory memory,
            LongConsumer progress) {
        return new BlobUpload(sites.forPush(), blob, mountFrom, memory).from(source, progress);
    }

    /** Stores a manifest under a tag or its digest. All that it refers to must be there. */
    public void push(Descriptor manifest, byte[] bytes, String selector) {
        Session session = sites.forPush();
        Outgoing request = Outgoing.put(session.address("/manifests/" + selector), Body.of(bytes))
                .with("content-type", manifest.mediaType());
        Reply reply = session.send(request, session.scopes(access));
        if (!reply.isSuccess()) {
            throw RegistryErrors.of(reply);
        }
        try (reply) {
            String stored = reply.header("docker-content-digest").orElse("");
            // Under a tag a registry may name it by another algorithm than others do.
            boolean comparable = stored.startsWith(manifest.contentDigest().algorithm() + ":");
            if (comparable && !stored.equals(manifest.digest())) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "push manifest " + manifest.digest() + ": the registry stored it as " + stored);
            }
            new Referrers(session, access).add(manifest, bytes, reply);
        }
    }
}

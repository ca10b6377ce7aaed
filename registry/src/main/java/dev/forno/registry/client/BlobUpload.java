package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Makes a repository hold a blob: existence check, an upload that broke off, mount from another repository, then the bytes. */
final class BlobUpload {
    private final Session session;
    private final Descriptor blob;
    private final List<String> scopes;
    private final @Nullable String mountFrom;
    private final UploadMemory memory;

    BlobUpload(Session session, Descriptor blob, @Nullable String mountFrom, UploadMemory memory) {
        this.session = session;
        this.blob = blob;
        this.mountFrom = mountFrom;
        this.memory = memory;
        this.scopes = session.scopes(Access.PUSH);
    }

    /** Sends the blob; {@code progress} takes the bytes handed to the network so far. */
    BlobOutcome from(BlobSource source, LongConsumer progress) {
        if (exists()) {
            return BlobOutcome.EXISTED;
        }
        try (UploadMemory.Note note =
                memory.open(session.origin(), session.host().repository(), blob.contentDigest())) {
            BlobStream stream = new BlobStream(session, blob, scopes, source, progress, note);
            UploadLocation location = stream.resume().orElseGet(this::beginning);
            if (!location.isDone()) {
                stream.send(location, this::restart);
            }
            note.forget();
            return location.isDone() ? BlobOutcome.MOUNTED : BlobOutcome.SENT;
        }
    }

    /** An upload, of which nothing is left when the blob is mounted. */
    private UploadLocation beginning() {
        boolean ask = mountFrom != null || OwnRegistry.knows(session.host());
        UploadLocation location = ask ? mount(mountFrom) : null;
        return location == null ? start() : location;
    }

    /** A new upload; nothing when the blob has come by a request whose answer was lost. */
    private UploadLocation restart() {
        return exists() ? UploadLocation.DONE : start();
    }

    private boolean exists() {
        Outgoing head = Outgoing.head(session.address("/blobs/" + blob.contentDigest()));
        try (Reply reply = session.send(head, scopes)) {
            if (reply.isSuccess()) {
                return true;
            }
            if (reply.status() == 404) {
                return false;
            }
            throw RegistryErrors.of(reply);
        }
    }

    /** Asks for the blob of another repository, or of wherever it is; null when the registry doesn't like the question. */
    private @Nullable UploadLocation mount(@Nullable String other) {
        List<String> both = new ArrayList<>(scopes);
        String query = "mount=" + encode(blob.digest());
        if (other != null) {
            both.add(Access.PULL.scope(other));
            query += "&from=" + encode(other);
        }
        Outgoing post = Outgoing.post(session.address("/blobs/uploads/", query), Body.none());
        try (Reply reply = session.send(post, List.copyOf(both))) {
            return reply.isSuccess() ? location(post, reply) : null;
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.UNAUTHENTICATED || e.kind() == ErrorKind.PERMISSION_DENIED) {
                // No token for the other repository.
                return null;
            }
            throw e;
        }
    }

    private UploadLocation start() {
        Outgoing post = Outgoing.post(session.address("/blobs/uploads/"), Body.none());
        try (Reply reply = session.send(post, scopes)) {
            if (!reply.isSuccess()) {
                throw RegistryErrors.of(reply);
            }
            return location(post, reply);
        }
    }

    private static UploadLocation location(Outgoing post, Reply reply) {
        if (reply.status() == 201) {
            return UploadLocation.DONE;
        }
        long chunk = reply.headers().firstValueAsLong("oci-chunk-min-length").orElse(0);
        return reply.location()
                .map(address -> new UploadLocation(address, chunk))
                .orElseThrow(() -> new FornoException(
                        ErrorKind.UNAVAILABLE, post.quoted() + ": the answer has no Location to upload to"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

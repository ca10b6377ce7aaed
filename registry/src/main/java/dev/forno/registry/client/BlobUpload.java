package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Sends one blob unless the registry has it: existence check, mount from another repository, upload in one piece. */
final class BlobUpload {
    private final Session session;
    private final String repository;
    private final Descriptor blob;
    private final List<String> scopes;
    private final @Nullable String mountFrom;

    BlobUpload(Session session, String repository, Descriptor blob, @Nullable String mountFrom) {
        this.session = session;
        this.repository = repository;
        this.blob = blob;
        this.mountFrom = mountFrom;
        List<String> wanted = new ArrayList<>();
        wanted.add(Access.PUSH.scope(repository));
        if (mountFrom != null) {
            wanted.add(Access.PULL.scope(mountFrom));
        }
        this.scopes = List.copyOf(wanted);
    }

    /** Sends the blob; {@code progress} takes the bytes handed to the network so far. */
    BlobOutcome from(BlobSource source, LongConsumer progress) {
        if (exists()) {
            return BlobOutcome.EXISTED;
        }
        for (int attempt = 1; ; attempt++) {
            URI location = start();
            if (location == null) {
                return BlobOutcome.MOUNTED;
            }
            Outgoing put = Outgoing.put(withDigest(location), body(source, progress))
                    .with("content-type", "application/octet-stream");
            try {
                Reply reply = session.sendOnce(put, scopes);
                if (reply.isSuccess()) {
                    reply.close();
                    return BlobOutcome.SENT;
                }
                // A lost upload session (404, 416) is started anew, like any passing failure.
                boolean again = Retries.isPassing(reply.status()) || reply.status() == 404 || reply.status() == 416;
                if (!again || attempt >= session.retries().attempts()) {
                    throw RegistryErrors.of(reply);
                }
                reply.close();
                session.retries().pause(attempt, Duration.ZERO);
            } catch (IOException e) {
                session.retries().afterFailure(put, attempt, e);
            }
        }
    }

    private boolean exists() {
        Outgoing head = Outgoing.head(session.address(repository + "/blobs/" + blob.contentDigest()));
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

    /** The address to upload to, or null when the registry took the blob from another repository. */
    private @Nullable URI start() {
        String query = mountFrom == null ? "" : "?mount=" + encode(blob.digest()) + "&from=" + encode(mountFrom);
        Outgoing post = Outgoing.post(session.address(repository + "/blobs/uploads/" + query));
        try (Reply reply = session.send(post, scopes)) {
            if (reply.status() == 201) {
                return null;
            }
            if (!reply.isSuccess()) {
                throw RegistryErrors.of(reply);
            }
            return reply.location()
                    .orElseThrow(() -> new FornoException(
                            ErrorKind.UNAVAILABLE, post.quoted() + ": the answer has no Location to upload to"));
        }
    }

    private URI withDigest(URI location) {
        String separator = location.getRawQuery() == null ? "?" : "&";
        return URI.create(location + separator + "digest=" + encode(blob.digest()));
    }

    private BodyPublisher body(BlobSource source, LongConsumer progress) {
        if (blob.size() == 0) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> {
                    try {
                        return new Counted(source.open(), progress);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }),
                blob.size());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static final class Counted extends FilterInputStream {
        private final LongConsumer progress;
        private long count;

        Counted(InputStream in, LongConsumer progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                progress.accept(++count);
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                count += n;
                progress.accept(count);
            }
            return n;
        }
    }
}

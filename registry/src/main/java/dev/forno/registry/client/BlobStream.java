package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of one blob on their way into an upload (distribution spec, "Pushing blobs"). Small blobs go with one request,
 * larger ones as a stream that goes on where it broke off, or in chunks where the registry asks for chunks or finds the
 * stream too large. Used by one thread, once.
 */
final class BlobStream {
    private static final long SMALL = 1 << 20;
    private static final long CHUNK = 32 << 20;
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

    private final Session session;
    private final Descriptor blob;
    private final List<String> scopes;
    private final BlobSource source;
    private final LongConsumer progress;
    private UploadLocation location = UploadLocation.DONE;
    private long offset;
    private long furthest;
    private long chunk = Long.MAX_VALUE;
    private boolean resumed;

    BlobStream(Session session, Descriptor blob, List<String> scopes, BlobSource source, LongConsumer progress) {
        this.session = session;
        this.blob = blob;
        this.scopes = scopes;
        this.source = source;
        this.progress = progress;
    }

    /** Returns when the registry has taken the blob; {@code restart} begins an upload anew. */
    void send(UploadLocation first, Supplier<UploadLocation> restart) {
        begin(first);
        int failures = 0;
        while (true) {
            URI address = location.address();
            if (address == null) {
                return;
            }
            Outgoing next = next(address);
            try (Reply reply = session.sendOnce(next, scopes)) {
                if (reply.isSuccess()) {
                    if (next.method().equals("PUT")) {
                        return;
                    }
                    advance(reply);
                } else {
                    failures++;
                    recover(reply, failures, restart);
                }
            } catch (IOException e) {
                failures++;
                session.retries().afterFailure(next, failures, e);
                begin(position(address, restart));
            }
            // Attempts are counted anew whenever one brought the registry further than it had ever been.
            if (offset > furthest) {
                furthest = offset;
                failures = 0;
            }
        }
    }

    private void begin(UploadLocation next) {
        location = next;
        if (next.smallestChunk() > 0) {
            chunk = Math.max(CHUNK, next.smallestChunk());
        }
    }

    private Outgoing next(URI address) {
        long left = blob.size() - offset;
        boolean whole = offset == 0 && left <= SMALL;
        if (whole || left == 0) {
            return Outgoing.put(withDigest(address), Body.of(source, offset, left, progress))
                    .with("content-type", "application/octet-stream");
        }
        long length = Math.min(left, chunk);
        Outgoing patch = Outgoing.patch(address, Body.of(source, offset, length, progress))
                .with("content-type", "application/octet-stream");
        // A stream from the beginning to the end is no chunk and has no range.
        return length == blob.size() ? patch : patch.with("content-range", offset + "-" + (offset + length - 1));
    }

    private void advance(Reply reply) {
        long sent = Math.min(blob.size() - offset, chunk);
        offset += sent;
        URI old = location.address();
        location = new UploadLocation(reply.location().orElse(old), location.smallestChunk());
    }

    /** After a refusal: goes on where the registry stands, begins anew, or gives up. */
    private void recover(Reply refusal, int failures, Supplier<UploadLocation> restart) {
        int status = refusal.status();
        boolean passing = session.retries().mayPass(refusal);
        boolean tooLarge = status == 413 && chunk > CHUNK && blob.size() > CHUNK;
        // Bytes that went wrong on the way, after a resumption, make a wrong digest.
        boolean mixed = status == 400 && resumed;
        boolean lost = status == 404;
        boolean elsewhere = status == 416;
        if (!(tooLarge || mixed || lost || elsewhere || passing)
                || failures >= session.retries().attempts()) {
            throw RegistryErrors.of(refusal);
        }
        if (tooLarge) {
            chunk = CHUNK;
        } else {
            session.retries().pause(failures, passing ? session.retries().retryAfter(refusal) : Duration.ZERO);
        }
        URI address = location.address();
        if (tooLarge || mixed || lost || address == null) {
            anew(restart);
        } else {
            long before = offset;
            begin(position(address, restart));
            if (elsewhere && offset == before && offset > 0) {
                // It refuses what it asks for.
                anew(restart);
            }
        }
    }

    private UploadLocation anew(Supplier<UploadLocation> restart) {
        offset = 0;
        resumed = false;
        UploadLocation next = restart.get();
        begin(next);
        return next;
    }

    /** Asks how much of the upload has arrived; begins anew when the registry doesn't know it any more. */
    private UploadLocation position(URI address, Supplier<UploadLocation> restart) {
        try (Reply reply = session.send(Outgoing.get(address), scopes)) {
            Matcher range = RANGE.matcher(reply.header("range").orElse(""));
            if (reply.isSuccess() && range.matches()) {
                long last = Long.parseLong(range.group(1));
                // "0-0" is what registries say of an empty upload, too.
                long arrived = last == 0 ? 0 : last + 1;
                if (arrived <= blob.size()) {
                    offset = arrived;
                    resumed = arrived > 0;
                    return new UploadLocation(reply.location().orElse(address), location.smallestChunk());
                }
            }
        }
        return anew(restart);
    }

    private URI withDigest(URI address) {
        String separator = address.getRawQuery() == null ? "?" : "&";
        return URI.create(address + separator + "digest=" + BlobUpload.encode(blob.digest()));
    }
}

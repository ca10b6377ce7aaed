package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of one blob on their way into an upload (distribution spec, "Pushing blobs"). Small blobs go with one request,
 * larger ones as a stream, and in chunks after it broke off, and where the registry asks for chunks or finds the stream too
 * large. Used by one thread, once.
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
    private final UploadMemory.Note note;
    private UploadLocation location = UploadLocation.DONE;
    private long offset;
    private long furthest;
    private long chunk = Long.MAX_VALUE;
    private boolean resumed;
    private boolean remembered;
    private int failures;

    BlobStream(
            Session session,
            Descriptor blob,
            List<String> scopes,
            BlobSource source,
            LongConsumer progress,
            UploadMemory.Note note) {
        this.session = session;
        this.blob = blob;
        this.scopes = scopes;
        this.source = source;
        this.progress = progress;
        this.note = note;
    }

    /**
     * Where an upload goes on of which an earlier push has told; nothing when there is none, or the registry has lost it, has
     * nothing of it or doesn't say.
     */
    Optional<UploadLocation> resume() {
        if (blob.size() <= SMALL) {
            return Optional.empty();
        }
        return note.address().flatMap(address -> {
            try (Reply reply = session.sendOnce(Outgoing.get(address), scopes)) {
                Optional<UploadLocation> left = taken(reply, address).filter(location -> offset > 0);
                remembered = left.isPresent();
                return left;
            } catch (IOException e) {
                // A new upload tells whether the registry can be reached.
                return Optional.empty();
            } catch (FornoException e) {
                if (e.kind() == ErrorKind.CANCELLED) {
                    throw e;
                }
                return Optional.empty();
            }
        });
    }

    /** Returns when the registry has taken the blob; {@code restart} begins an upload anew. */
    void send(UploadLocation first, Supplier<UploadLocation> restart) {
        begin(first);
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
                    recover(reply, restart);
                }
            } catch (IOException e) {
                failures++;
                session.retries().afterFailure(next, failures, e);
                begin(position(address, restart));
                // Chunks that were taken stay, also where a part of a stream doesn't; and a refusal of a large stream
                // may look like a reset.
                chunk = Math.min(chunk, Math.max(CHUNK, location.smallestChunk()));
            }
            // Attempts are counted anew whenever one brought the registry further than it had ever been.
            if (offset > furthest) {
                furthest = offset;
                failures = 0;
            }
        }
    }

    private void begin(UploadLocation next) {
        go(next);
        if (next.smallestChunk() > 0) {
            chunk = Math.max(CHUNK, next.smallestChunk());
        }
    }

    /** Goes on there, and says so for a later push when it is worth the while. */
    private void go(UploadLocation next) {
        URI address = next.address();
        if (address != null && blob.size() > SMALL && !address.equals(location.address())) {
            note.keep(address);
        }
        location = next;
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
        go(new UploadLocation(reply.location().orElse(old), location.smallestChunk()));
    }

    /** After a refusal: goes on where the registry stands, begins anew, or gives up. */
    private void recover(Reply refusal, Supplier<UploadLocation> restart) {
        int status = refusal.status();
        boolean passing = session.retries().mayPass(refusal);
        boolean tooLarge = status == 413 && chunk > CHUNK && blob.size() - offset > CHUNK;
        // Bytes that went wrong on the way, after a resumption, make a wrong digest.
        boolean mixed = status == 400 && resumed;
        boolean lost = status == 404;
        boolean elsewhere = status == 416;
        if (!(tooLarge || mixed || lost || elsewhere || passing)
                || failures >= session.retries().attempts()) {
            // Maybe it is only the earlier push's upload that can't be finished, which no later push could either.
            if (!remembered || status == 429) {
                throw RegistryErrors.of(refusal);
            }
            failures = 0;
            furthest = 0;
            anew(restart);
            return;
        }
        if (tooLarge) {
            chunk = CHUNK;
        } else {
            session.retries().pause(failures, passing ? session.retries().retryAfter(refusal) : Duration.ZERO);
        }
        URI address = location.address();
        if (mixed || lost || address == null) {
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
        remembered = false;
        UploadLocation next = restart.get();
        begin(next);
        return next;
    }

    /** Asks how much of the upload has arrived; begins anew when the registry doesn't know it any more. */
    private UploadLocation position(URI address, Supplier<UploadLocation> restart) {
        try (Reply reply = session.send(Outgoing.get(address), scopes)) {
            return taken(reply, address).orElseGet(() -> anew(restart));
        }
    }

    /** Takes in what a registry says that it has of an upload; nothing when it can't be gone on with. */
    private Optional<UploadLocation> taken(Reply reply, URI address) {
        Matcher range = RANGE.matcher(reply.header("range").orElse(""));
        if (!reply.isSuccess() || !range.matches()) {
            return Optional.empty();
        }
        long last = Long.parseLong(range.group(1));
        // "0-0" is what registries say of an empty upload, too.
        long arrived = last == 0 ? 0 : last + 1;
        if (arrived > blob.size()) {
            return Optional.empty();
        }
        offset = arrived;
        resumed = arrived > 0;
        return Optional.of(new UploadLocation(reply.location().orElse(address), location.smallestChunk()));
    }

    private URI withDigest(URI address) {
        String separator = address.getRawQuery() == null ? "?" : "&";
        return URI.create(address + separator + "digest=" + BlobUpload.encode(blob.digest()));
    }
}

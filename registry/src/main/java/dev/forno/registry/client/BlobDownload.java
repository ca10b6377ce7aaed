package dev.forno.registry.client;

import dev.forno.oci.Descriptor;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches one blob from one host, going on after interruptions where the last attempt ended. Used by one thread, once. */
final class BlobDownload {
    private static final int BUFFER = 64 << 10;
    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

    private final Session session;
    private final List<String> scopes;
    private final Descriptor blob;
    private final Outgoing request;
    private final Duration stallTimeout;
    private boolean whole;

    BlobDownload(Session session, Descriptor blob, Duration stallTimeout) {
        this.session = session;
        this.scopes = session.scopes(Access.PULL);
        this.blob = blob;
        this.request = Outgoing.get(session.address("/blobs/" + blob.contentDigest()));
        this.stallTimeout = stallTimeout;
    }

    /** Returns when {@code sink} has all bytes; the digest is verified by the sink's owner, who sees all of them. */
    void into(BlobSink sink) {
        int failures = 0;
        while (sink.offset() < blob.size()) {
            long before = sink.offset();
            try (Reply reply = session.send(ranged(before), scopes)) {
                if (reply.isSuccess()) {
                    copy(reply, before, sink);
                } else if (isOfRange(reply)) {
                    // What is here already is skipped.
                    whole = true;
                } else {
                    throw RegistryErrors.of(reply);
                }
            } catch (IOException e) {
                // Attempts are counted anew whenever one brought something.
                failures = sink.offset() > before ? 1 : failures + 1;
                session.retries().afterFailure(request, failures, e);
            }
        }
        if (sink.offset() > blob.size()) {
            throw wrongSize();
        }
    }

    private Outgoing ranged(long offset) {
        return offset == 0 || whole ? request : request.with("range", "bytes=" + offset + "-");
    }

    /** Whether a refusal may be for the range alone, which not all registries, or what they redirect to, can give. */
    private static boolean isOfRange(Reply refusal) {
        return refusal.request().headers().containsKey("range")
                && switch (refusal.status()) {
                    case 400, 416, 501 -> true;
                    default -> false;
                };
    }

    private void copy(Reply reply, long offset, BlobSink sink) throws IOException {
        try (StallGuard guard = new StallGuard(reply.body(), stallTimeout)) {
            InputStream in = guard.stream();
            long start = startOf(reply, offset);
            skip(in, offset - start);
            byte[] buffer = new byte[BUFFER];
            long left = blob.size() - offset;
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    throw new EOFException("the connection ended " + left + " bytes before the end of the blob");
                }
                sink.write(buffer, 0, n);
                left -= n;
            }
            if (in.read() >= 0) {
                throw wrongSize();
            }
        }
    }

    /** Where the answer begins: a server may ignore the range asked for, or begin earlier. */
    private long startOf(Reply reply, long offset) throws IOException {
        if (reply.status() != 206) {
            return 0;
        }
        String text = reply.header("content-range").orElse("");
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw wrongRange(offset, text);
        }
        long start = Long.parseLong(range.group(1));
        if (start > offset) {
            throw wrongRange(offset, text);
        }
        if (!range.group(3).equals("*") && Long.parseLong(range.group(3)) != blob.size()) {
            throw new FornoException(
                    ErrorKind.DATA_LOSS,
                    "fetch blob " + blob.digest() + ": the registry has " + range.group(3)
                            + " bytes of it, its manifest says " + blob.size());
        }
        return start;
    }

    private static IOException wrongRange(long offset, String range) {
        return new IOException("asked for bytes from " + offset + ", got the range \"" + range + "\"");
    }

    private static void skip(InputStream in, long count) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = count;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new EOFException("the blob is shorter than what is here already");
            }
            left -= n;
        }
    }

    private FornoException wrongSize() {
        return new FornoException(
                ErrorKind.DATA_LOSS,
                "fetch blob " + blob.digest() + ": it is larger than the " + blob.size() + " bytes its manifest says");
    }
}

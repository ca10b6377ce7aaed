package dev.forno.store.archives;

import dev.forno.linux.files.FileNames;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive as a stream: v7, ustar, GNU (long names, sparse) and PAX (all of its keys in use, the three sparse
 * formats). Headers are bounded in size and number. A malformed archive is a {@link FornoException} of
 * {@link ErrorKind#INVALID_ARGUMENT} that names the entry. For one thread.
 */
public final class TarReader {
    private static final int MAX_HEADER_BYTES = 1 << 20;

    /** Less than an entry's own headers may have, since they count for every entry. */
    private static final int MAX_GLOBAL_BYTES = 1 << 16;

    private static final int MAX_HEADERS_OF_ENTRY = 16;

    private final CountingInput in;
    private final PaxRecords globals = new PaxRecords();
    private final SparseMapReader sparse = new SparseMapReader(this);
    private TarContent content = TarContent.EMPTY;
    private long contentAt;
    private long padding;
    private long entries;
    private long globalBytes;
    private String last = "";
    private boolean ended;

    /** Reads from {@code in}, which is buffered here and not closed. */
    public TarReader(InputStream in) {
        this.in = new CountingInput(in);
    }

    /** The next entry's header, or empty at the end of the archive. Skips what was not read of the one before. */
    public Optional<TarEntry> next() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        try {
            content.skipStored();
            skip(padding);
            padding = 0;
            content = TarContent.EMPTY;
            contentAt = 0;
            Optional<TarEntry> entry = read();
            ended = entry.isEmpty();
            return entry;
        } catch (MalformedTarException e) {
            throw malformed(e.reason());
        }
    }

    /** The content of the current entry, holes as zeros; valid until {@link #next}. */
    public InputStream content() {
        return content;
    }

    /** The position in the stream at which the stored bytes of the current entry begin; they follow one another. */
    public long contentAt() {
        return contentAt;
    }

    /** Where the stored bytes of the current entry belong in the file, in their order; holes are between them. */
    public List<Segment> segments() {
        return content.segments();
    }

    /** The bytes read so far; after {@link #drain} the length of the stream. */
    public long position() {
        return in.position();
    }

    /**
     * A piece of a file that an archive stores.
     *
     * @param at its place in the file
     * @param length its bytes, at least one
     */
    public record Segment(long at, long length) {}

    /** Writes the content of the current entry, from where it was read to, without its holes. */
    public void copyTo(Sink sink) throws IOException {
        content.copyTo(sink);
    }

    /** Reads everything after the end of the archive, so that a digest over the stream sees all of it. */
    public void drain() throws IOException {
        in.skip(Long.MAX_VALUE); // bytes after the end mean nothing
    }

    /** Takes pieces of a file. */
    public interface Sink {
        /** Writes at a position of the file; positions ascend. */
        void write(long position, byte[] bytes, int from, int length) throws IOException;
    }

    private Optional<TarEntry> read() throws IOException {
        PaxRecords pax = new PaxRecords(globals);
        String longName = null;
        String longLink = null;
        for (int i = 0; i < MAX_HEADERS_OF_ENTRY; i++) {
            TarBlock block = header();
            if (block == null) {
                return Optional.empty();
            }
            switch (block.bytes[TarBlock.TYPE]) {
                case 'x', 'X' -> pax.parse(special(block));
                case 'g' -> {
                    byte[] records = special(block);
                    globalBytes += records.length;
                    if (globalBytes > MAX_GLOBAL_BYTES) {
                        throw new MalformedTarException("global headers of more than " + MAX_GLOBAL_BYTES + " bytes");
                    }
                    globals.parse(records);
                    pax = new PaxRecords(globals);
                }
                case 'L' -> longName = untilZero(special(block));
                case 'K' -> longLink = untilZero(special(block));
                case 'V' -> special(block); // a volume's label
                default -> {
                    return Optional.of(entry(block, pax, longName, longLink));
                }
            }
        }
        throw new MalformedTarException("more than " + MAX_HEADERS_OF_ENTRY + " extended headers before one entry");
    }

    /** The next header block, or null at the end. */
    private @Nullable TarBlock header() throws IOException {
        byte[] bytes = new byte[TarBlock.SIZE];
        int n = in.readNBytes(bytes, 0, bytes.length);
        if (n == 0) {
            return null; // no end marker: tolerated as all readers do
        }
        if (n < bytes.length) {
            throw new MalformedTarException("the archive ends inside a header");
        }
        TarBlock block = new TarBlock(bytes);
        if (block.isZero()) {
            int m = in.readNBytes(bytes, 0, bytes.length);
            if (m > 0 && (m < bytes.length || !block.isZero())) {
                throw new MalformedTarException("data after a single zero block");
            }
            return null;
        }
        entries++;
        if (!block.checksumMatches()) {
            throw new MalformedTarException(
                    "the header's checksum is wrong; this is not a tar archive or it is damaged");
        }
        return block;
    }

    /** The content of a header that describes the next entry. */
    private byte[] special(TarBlock block) throws IOException {
        long size = block.number(TarBlock.LENGTH);
        if (size < 0 || size > MAX_HEADER_BYTES) {
            throw new MalformedTarException(
                    "an extended header of " + size + " bytes, the limit is " + MAX_HEADER_BYTES);
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new MalformedTarException("the archive ends inside an extended header");
        }
        skip(-size & (TarBlock.SIZE - 1));
        return bytes;
    }

    private TarEntry entry(TarBlock block, PaxRecords pax, @Nullable String longName, @Nullable String longLink)
            throws IOException {
        String name = pax.textOr("GNU.sparse.name", pax.textOr("path", longName != null ? longName : shortName(block)));
        last = name;
        TarType type = type(block, name);
        boolean hasContent = type == TarType.FILE;
        long stored = hasContent ? pax.numberOr("size", block.number(TarBlock.LENGTH)) : 0;
        if (stored < 0) {
            throw new MalformedTarException("a negative size");
        }
        long size = openContent(block, pax, stored, hasContent);
        boolean device = type == TarType.CHARACTER_DEVICE || type == TarType.BLOCK_DEVICE;
        Instant mtime = pax.time("mtime");
        return new TarEntry(
                withoutTrailingSlash(name),
                type,
                (int) (block.number(TarBlock.MODE) & 07777),
                id("uid", pax.numberOr("uid", block.number(TarBlock.UID))),
                id("gid", pax.numberOr("gid", block.number(TarBlock.GID))),
                pax.textOr("uname", block.text(TarBlock.USER_NAME)),
                pax.textOr("gname", block.text(TarBlock.GROUP_NAME)),
                size,
                mtime != null ? mtime : time(block),
                pax.time("atime"),
                pax.textOr("linkpath", longLink != null ? longLink : block.text(TarBlock.LINK_NAME)),
                device ? (int) pax.numberOr("SCHILY.devmajor", block.number(TarBlock.MAJOR)) : 0,
                device ? (int) pax.numberOr("SCHILY.devminor", block.number(TarBlock.MINOR)) : 0,
                pax.xattrs());
    }

    private static Instant time(TarBlock block) {
        long seconds = block.number(TarBlock.MTIME);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new MalformedTarException("the time " + seconds + " is out of range");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /** Sets up the content and returns the size with holes. */
    private long openContent(TarBlock block, PaxRecords pax, long stored, boolean hasContent) throws IOException {
        if (!hasContent) {
            return 0;
        }
        padding = -stored & (TarBlock.SIZE - 1);
        SparseMapReader.Result holes = sparse.read(block, pax, stored);
        contentAt = in.position();
        content = holes == null
                ? new TarContent(in, stored, stored, null)
                : new TarContent(in, holes.stored(), holes.realSize(), holes.map());
        return holes == null ? stored : holes.realSize();
    }

    private static TarType type(TarBlock block, String name) {
        byte flag = block.bytes[TarBlock.TYPE];
        return switch (flag) {
            case '0', 0 -> name.endsWith("/") ? TarType.DIRECTORY : TarType.FILE; // v7 has no type for directories
            case '7', 'S' -> TarType.FILE;
            case '1' -> TarType.HARD_LINK;
            case '2' -> TarType.SYMLINK;
            case '3' -> TarType.CHARACTER_DEVICE;
            case '4' -> TarType.BLOCK_DEVICE;
            case '5', 'D' -> TarType.DIRECTORY;
            case '6' -> TarType.FIFO;
            case 'M' -> throw new MalformedTarException("a file continued from another volume; join the volumes first");
            default ->
                throw new MalformedTarException("entries of the type '" + (char) (flag & 0xff) + "' are not supported");
        };
    }

    private static String shortName(TarBlock block) {
        String name = block.text(TarBlock.NAME);
        String prefix = block.isUstar() ? block.text(TarBlock.PREFIX) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String untilZero(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return FileNames.decode(bytes, 0, end);
    }

    private static String withoutTrailingSlash(String name) {
        int end = name.length();
        while (end > 1 && name.charAt(end - 1) == '/') {
            end--;
        }
        return name.substring(0, end);
    }

    private static int id(String what, long value) {
        if (value < 0 || value > 0xFFFFFFFFL) {
            throw new MalformedTarException("the " + what + " " + value + " is out of range");
        }
        return (int) value;
    }

    /** Reads a whole block of the content area, for the sparse maps stored there. */
    TarBlock dataBlock() throws IOException {
        byte[] bytes = in.readNBytes(TarBlock.SIZE);
        if (bytes.length < TarBlock.SIZE) {
            throw new MalformedTarException("the archive ends inside the map of a sparse file");
        }
        return new TarBlock(bytes);
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw new MalformedTarException("the archive ends inside an entry");
        }
    }

    private FornoException malformed(String reason) {
        String where = last.isEmpty() ? "" : " (the last readable name is \"" + last + "\")";
        return new FornoException(
                ErrorKind.INVALID_ARGUMENT, "read tar archive, header " + entries + where + ": " + reason);
    }
}

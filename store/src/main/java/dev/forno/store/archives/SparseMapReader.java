package dev.forno.store.archives;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the maps of sparse files: GNU's old type S, and PAX 0.0, 0.1 and 1.0 (GNU tar manual, "Storing Sparse Files"). */
final class SparseMapReader {
    /**
     * A sparse file.
     *
     * @param stored the bytes of data that follow
     */
    record Result(SparseMap map, long realSize, long stored) {}

    private final TarReader reader;

    SparseMapReader(TarReader reader) {
        this.reader = reader;
    }

    /** Reads the map, also from the content area where the format has it there; null when the file isn't sparse. */
    @Nullable
    Result read(TarBlock block, PaxRecords pax, long stored) throws IOException {
        Result result;
        if (block.bytes[TarBlock.TYPE] == 'S') {
            result = new Result(oldMap(block), block.number(TarBlock.GNU_REAL_SIZE), stored);
        } else if ("1".equals(pax.text("GNU.sparse.major"))) {
            if (!"0".equals(pax.text("GNU.sparse.minor"))) {
                throw new MalformedTarException("a sparse file of an unknown version");
            }
            SparseMap map = new SparseMap();
            long used = storedMap(map, stored);
            result = new Result(map, realSize(pax), stored - used);
        } else if (pax.text("GNU.sparse.map") != null) {
            result = new Result(textMap(pax.textOr("GNU.sparse.map", "")), realSize(pax), stored);
        } else if (pax.segments().segments() > 0 || pax.text("GNU.sparse.numblocks") != null) {
            result = new Result(pax.segments(), realSize(pax), stored);
        } else {
            return null;
        }
        if (result.realSize() < 0) {
            throw new MalformedTarException("a sparse file of a negative size");
        }
        result.map().check(result.realSize(), result.stored());
        return result;
    }

    private static long realSize(PaxRecords pax) {
        long size = pax.numberOr("GNU.sparse.realsize", pax.numberOr("GNU.sparse.size", -1));
        if (size < 0) {
            throw new MalformedTarException("a sparse file without its size");
        }
        return size;
    }

    private SparseMap oldMap(TarBlock header) throws IOException {
        SparseMap map = new SparseMap();
        addOld(map, header, TarBlock.GNU_SPARSE, 4);
        boolean more = header.bytes[TarBlock.GNU_IS_EXTENDED] != 0;
        while (more) {
            TarBlock extension = reader.dataBlock();
            addOld(map, extension, 0, 21);
            more = extension.bytes[504] != 0;
        }
        return map;
    }

    private static void addOld(SparseMap map, TarBlock block, int from, int count) {
        for (int i = 0; i < count; i++) {
            int at = from + i * 24;
            if (block.bytes[at] == 0 || block.bytes[at + 12] == 0) {
                return;
            }
            map.add(block.number("sparse offset", at, 12), block.number("sparse length", at + 12, 12));
        }
    }

    private static SparseMap textMap(String text) {
        String[] numbers = text.split(",", -1);
        if (numbers.length % 2 != 0) {
            throw new MalformedTarException("GNU.sparse.map has an odd number of values");
        }
        SparseMap map = new SparseMap();
        for (int i = 0; i < numbers.length; i += 2) {
            map.add(
                    PaxRecords.parseLong("a sparse offset", numbers[i]),
                    PaxRecords.parseLong("a sparse length", numbers[i + 1]));
        }
        return map;
    }

    /** Reads lines of decimal numbers, padded to whole blocks, and returns how many bytes they took. */
    private long storedMap(SparseMap map, long stored) throws IOException {
        Lines lines = new Lines(stored);
        long count = lines.next();
        for (long i = 0; i < count; i++) {
            long offset = lines.next();
            map.add(offset, lines.next());
        }
        return lines.taken;
    }

    private final class Lines {
        private final long limit;
        private TarBlock block = new TarBlock(new byte[0]);
        private int at;
        private long taken;

        Lines(long limit) {
            this.limit = limit;
        }

        long next() throws IOException {
            StringBuilder digits = new StringBuilder();
            while (digits.length() < 20) {
                if (at == block.bytes.length) {
                    taken += TarBlock.SIZE;
                    if (taken > limit) {
                        throw new MalformedTarException("the map of a sparse file exceeds its content");
                    }
                    block = reader.dataBlock();
                    at = 0;
                }
                char c = (char) (block.bytes[at++] & 0xff);
                if (c == '\n') {
                    return PaxRecords.parseLong("a number in a sparse map", digits.toString());
                }
                digits.append(c);
            }
            throw new MalformedTarException("a number in a sparse map is too long");
        }
    }
}

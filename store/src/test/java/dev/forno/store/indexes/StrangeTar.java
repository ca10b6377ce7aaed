package dev.forno.store.indexes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarType;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Layers that no tool would make: few names, so that entries meet, of all types, replacing each other, through links,
 * with {@code ..}, whiteouts of what is and isn't there, marks of overlays, attributes where they don't belong. The same
 * seed gives the same bytes.
 */
final class StrangeTar {
    private static final List<String> PARTS = List.of("a", "b", "c", "d", "l", "lib");
    private static final List<String> ODD = List.of(
            "..", ".", "", "\uDC80\uDCFF", "ünï 🍞", "x".repeat(255), "x".repeat(256), "-", "!", "a.", ".wh", "\n");
    private static final List<String> TARGETS = List.of(
            "a", "b", "../a", "/a", "/b/c", "..", "/", "l", "nowhere", "a/b", "./c", "../../../d", "t".repeat(600));

    private final Random random;
    private final boolean layer;
    private final boolean refusable;

    private StrangeTar(long seed, boolean layer, boolean refusable) {
        this.random = new Random(seed);
        this.layer = layer;
        this.refusable = refusable;
    }

    /**
     * The bytes of an archive.
     *
     * @param layer whether whiteouts and overlay marks are in it
     * @param refusable whether there is something in it that is likely to be refused
     */
    static byte[] of(long seed, boolean layer, boolean refusable) {
        return new StrangeTar(seed, layer, refusable).bytes();
    }

    private byte[] bytes() {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TarWriter tar = new TarWriter(out);
            int count = 1 + random.nextInt(refusable ? 30 : 12);
            for (int i = 0; i < count; i++) {
                TarEntry entry = entry();
                byte[] content = content((int) entry.size());
                tar.add(entry, new ByteArrayInputStream(content));
            }
            tar.finish();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] content(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        return content;
    }

    private TarEntry entry() {
        TarType type = type();
        boolean device = type == TarType.CHARACTER_DEVICE || type == TarType.BLOCK_DEVICE;
        String link = type == TarType.SYMLINK ? pick(TARGETS) : type == TarType.HARD_LINK ? path() : "";
        return new TarEntry(
                name(type),
                type,
                random.nextInt(010000),
                id(),
                id(),
                "",
                "",
                type == TarType.FILE ? size() : 0,
                time(),
                null,
                link,
                device ? 1 + random.nextInt(4000) : 0,
                device ? random.nextInt(1 << 20) : 0,
                type == TarType.HARD_LINK ? new TreeMap<>() : xattrs());
    }

    private TarType type() {
        int n = random.nextInt(20);
        if (n < 6) {
            return TarType.FILE;
        }
        if (n < 12) {
            return TarType.DIRECTORY;
        }
        return n < 15
                ? TarType.SYMLINK
                : n < 17
                        ? TarType.HARD_LINK
                        : pick(List.of(TarType.FIFO, TarType.CHARACTER_DEVICE, TarType.BLOCK_DEVICE));
    }

    private String name(TarType type) {
        String path = path();
        if (!layer || random.nextInt(5) > 0) {
            return random.nextInt(40) == 0 && type == TarType.DIRECTORY ? "./" : path;
        }
        int slash = path.lastIndexOf('/') + 1;
        String last = random.nextInt(3) == 0 ? ".wh..wh.opq" : ".wh." + path.substring(slash);
        return path.substring(0, slash) + (random.nextInt(30) == 0 ? ".wh..wh.plnk" : last);
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        int depth = 1 + random.nextInt(4);
        for (int i = 0; i < depth; i++) {
            path.append(i == 0 ? "" : "/");
            path.append(refusable && random.nextInt(25) == 0 ? pick(ODD) : pick(PARTS));
        }
        return path.isEmpty() ? "a" : path.toString();
    }

    private int id() {
        return random.nextInt(4) == 0 ? random.nextInt(100_000_000) : random.nextInt(3) * 1000;
    }

    private int size() {
        return random.nextInt(3) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 700 : 9000);
    }

    private Instant time() {
        return random.nextInt(3) == 0
                ? Instant.ofEpochSecond(random.nextInt(2_000_000_000) - 500_000_000L, random.nextInt(1_000_000_000))
                : Instant.ofEpochSecond(1_700_000_000);
    }

    private SortedMap<String, byte[]> xattrs() {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        if (random.nextInt(3) > 0) {
            return xattrs;
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> xattrs.put("user.same", "same".getBytes(UTF_8));
                case 1 -> xattrs.put("user." + random.nextInt(), content(random.nextInt(60)));
                case 2 -> xattrs.put("trusted." + pick(PARTS), content(random.nextInt(200)));
                case 3 -> xattrs.put("trusted.overlay." + pick(PARTS), "y".getBytes(UTF_8));
                case 4 -> xattrs.put("security.test", content(3));
                case 5 -> xattrs.put("foreign.name", content(3));
                case 6 -> xattrs.put("system.posix_acl_access", accessList());
                default ->
                    xattrs.put(
                            "security.capability", HexFormat.of().parseHex("0100000200040000000000000000000000000000"));
            }
        }
        return xattrs;
    }

    /** The owner, one more user, group, mask, others; without the second and the fourth it is only a mode. */
    private byte[] accessList() {
        boolean plain = random.nextBoolean();
        StringBuilder hex = new StringBuilder("02000000");
        hex.append("0100").append(bits()).append("ffffffff");
        hex.append(plain ? "" : "0200" + bits() + "e8030000");
        hex.append("0400").append(bits()).append("ffffffff");
        hex.append(plain || (refusable && random.nextInt(5) == 0) ? "" : "1000" + bits() + "ffffffff");
        hex.append("2000").append(bits()).append("ffffffff");
        return HexFormat.of().parseHex(hex);
    }

    private String bits() {
        return "0" + random.nextInt(8) + "00";
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}

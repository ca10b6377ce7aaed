package dev.forno.store.indexes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.forno.linux.files.FileNames;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarType;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Layers described by text, so that fuzzing changes what they say and not their framing. A line is an entry:
 * {@code TYPE NAME TAB TEXT TAB OPTION…}; the type is a letter as {@code find} shows it ({@code h} for a hard link), the text
 * a file's content or a link's target, an option {@code m755}, {@code u1000}, {@code t12.5}, {@code v1:3} or
 * {@code xuser.name=value}. A line {@code =} begins the next layer.
 */
final class LayerScript {
    private static final int MAX_LAYERS = 5;
    private static final int MAX_LINES = 100;

    private LayerScript() {}

    /** The tars of the layers, lowest first. */
    static List<byte[]> layers(byte[] script) {
        List<byte[]> layers = new ArrayList<>();
        Layer layer = new Layer();
        String[] lines = new String(script, ISO_8859_1).split("\n", MAX_LINES);
        for (String line : lines) {
            if (line.equals("=") && layers.size() + 1 < MAX_LAYERS) {
                layers.add(layer.end());
                layer = new Layer();
            } else if (line.length() > 1) {
                layer.add(line);
            }
        }
        layers.add(layer.end());
        return layers;
    }

    private static final class Layer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final TarWriter tar = new TarWriter(out);

        void add(String line) {
            String[] fields = line.substring(1).split("\t", 12);
            String name = FileNames.decode(fields[0].replace("\0", "").getBytes(ISO_8859_1));
            byte[] text = (fields.length > 1 ? fields[1] : "").getBytes(ISO_8859_1);
            TarType type = type(line.charAt(0));
            boolean link = type == TarType.SYMLINK || type == TarType.HARD_LINK;
            boolean file = type == TarType.FILE;
            Options options = new Options(List.of(fields));
            TarEntry entry = new TarEntry(
                    name.isEmpty() ? "." : name,
                    type,
                    (int) options.number('m', 8, 0755) & 07777,
                    (int) options.number('u', 10, 0),
                    (int) options.number('g', 10, 0),
                    "",
                    "",
                    file ? text.length : 0,
                    Instant.ofEpochSecond(
                            options.number('t', 10, 0) % (1L << 33), options.number('n', 10, 0) % 1_000_000_000),
                    null,
                    link ? FileNames.decode(text).replace("\0", "") : "",
                    (int) options.number('v', 10, 0) & 0xfff,
                    (int) options.number('w', 10, 0) & 0xfffff,
                    options.xattrs());
            try {
                tar.add(entry, new ByteArrayInputStream(text));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static TarType type(char letter) {
            return switch (letter) {
                case 'd' -> TarType.DIRECTORY;
                case 'l' -> TarType.SYMLINK;
                case 'h' -> TarType.HARD_LINK;
                case 'c' -> TarType.CHARACTER_DEVICE;
                case 'b' -> TarType.BLOCK_DEVICE;
                case 'p' -> TarType.FIFO;
                default -> TarType.FILE;
            };
        }

        byte[] end() {
            try {
                tar.finish();
                return out.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Options(List<String> fields) {
        long number(char letter, int base, long otherwise) {
            for (int i = 2; i < fields.size(); i++) {
                if (!fields.get(i).isEmpty() && fields.get(i).charAt(0) == letter) {
                    try {
                        return Math.max(0, Long.parseLong(fields.get(i).substring(1), base));
                    } catch (NumberFormatException e) {
                        return otherwise;
                    }
                }
            }
            return otherwise;
        }

        SortedMap<String, byte[]> xattrs() {
            SortedMap<String, byte[]> xattrs = new TreeMap<>();
            for (int i = 2; i < fields.size(); i++) {
                int equals = fields.get(i).indexOf('=');
                if (equals > 1 && fields.get(i).charAt(0) == 'x') {
                    xattrs.put(
                            fields.get(i).substring(1, equals).replace("\0", ""),
                            fields.get(i).substring(equals + 1).getBytes(ISO_8859_1));
                }
            }
            return xattrs;
        }
    }
}

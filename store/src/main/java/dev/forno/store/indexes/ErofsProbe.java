package dev.forno.store.indexes;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.mounts.ErofsMount;
import dev.forno.linux.mounts.ErofsMount.Caching;
import dev.forno.linux.mounts.ErofsMount.Way;
import dev.forno.linux.mounts.Mounts;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Finds out how this machine can mount EROFS indexes, by doing it. */
public final class ErofsProbe {
    private static final String NAME = "probe";
    private static final String MOUNTED = "mounted";
    private static final String TAR = "layer.tar";
    private static final String INDEX = "index";
    private static final byte[] CONTENT = "read through an index".getBytes(StandardCharsets.UTF_8);

    private ErofsProbe() {}

    /**
     * Mounts a tiny index in a new directory in {@code directory}, reads a file through it and removes all of it again: in
     * one way after the other, until one works. Never throws for what the machine lacks.
     *
     * @param directory on the file system on which the layers will be; made when it isn't there
     * @param ways what to try, the best first
     */
    public static ErofsSupport probe(Path directory, List<Way> ways) {
        return probe(ways, way -> {
            Path work = Files.createTempDirectory(Files.createDirectories(directory), "erofs-probe-");
            try {
                return tryMounting(way, work);
            } finally {
                for (Path path : List.of(work.resolve(MOUNTED), work.resolve(TAR), work.resolve(INDEX), work)) {
                    Files.deleteIfExists(path);
                }
            }
        });
    }

    /** One way to mount. */
    private interface Attempt {
        /** Returns the best caching that works. */
        Caching run(Way way) throws IOException;
    }

    private static ErofsSupport probe(List<Way> ways, Attempt attempt) {
        Map<Way, String> failures = new EnumMap<>(Way.class);
        for (Way way : ways) {
            try {
                return new ErofsSupport(Map.of(way, attempt.run(way)), failures);
            } catch (IOException e) {
                failures.put(way, String.valueOf(e.getMessage()));
            }
        }
        return new ErofsSupport(Map.of(), failures);
    }

    /**
     * {@link #probe(Path, List)} in a directory whose files are kept, so that the next time nothing needs to be written: a
     * full disk says nothing about the machine.
     */
    public static ErofsSupport probeWithKept(Path directory, List<Way> ways) {
        return probe(ways, way -> {
            unmountLeft(directory.resolve(MOUNTED));
            return tryMounting(way, Files.createDirectories(directory));
        });
    }

    private static void unmountLeft(Path target) {
        try {
            Mounts.unmount(target);
        } catch (ErrnoException e) {
            // as it should be: nothing was left mounted by a probe that was cut off
        }
    }

    /** {@link #probe(Path, List)} in every way. */
    public static ErofsSupport probe(Path directory) {
        return probe(directory, List.of(Way.values()));
    }

    private static Caching tryMounting(Way way, Path work) throws IOException {
        Path target = Files.createDirectories(work.resolve(MOUNTED));
        Path tar = work.resolve(TAR);
        Path index = work.resolve(INDEX);
        write(tar, index);
        try {
            read(way, index, tar, target, Caching.DIRECT);
            return Caching.DIRECT;
        } catch (IOException e) {
            // disks with blocks of 4096 bytes can't be read directly by 512; older kernels lack the option
            read(way, index, tar, target, Caching.BUFFERED);
            return Caching.BUFFERED;
        }
    }

    private static void read(Way way, Path index, Path tar, Path target, Caching caching) throws IOException {
        ErofsMount.mount(way, index, List.of(tar), target, caching);
        try {
            if (!Arrays.equals(CONTENT, Files.readAllBytes(target.resolve(NAME)))) {
                throw new IOException("what is read through the index is not what was written");
            }
        } finally {
            Mounts.unmount(target);
        }
    }

    private static void write(Path tar, Path index) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TreeBuilder builder = new TreeBuilder();
        TarWriter writer = new TarWriter(bytes, builder::add);
        writer.add(TarEntry.file(NAME, 0644, CONTENT.length, Instant.EPOCH), new ByteArrayInputStream(CONTENT));
        writer.finish();
        writeUnlessThere(tar, bytes.toByteArray());
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        ErofsIndex.write(MergedTree.of(List.of(builder.build(writer.position()))), image);
        writeUnlessThere(index, image.toByteArray());
    }

    private static void writeUnlessThere(Path file, byte[] content) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(content, Files.readAllBytes(file))) {
            Files.write(file, content);
        }
    }
}

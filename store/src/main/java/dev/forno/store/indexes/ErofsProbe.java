package dev.forno.store.indexes;

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
        Map<Way, String> failures = new EnumMap<>(Way.class);
        for (Way way : ways) {
            try {
                return new ErofsSupport(Map.of(way, probe(way, directory)), failures);
            } catch (IOException e) {
                failures.put(way, String.valueOf(e.getMessage()));
            }
        }
        return new ErofsSupport(Map.of(), failures);
    }

    /** {@link #probe(Path, List)} in every way. */
    public static ErofsSupport probe(Path directory) {
        return probe(directory, List.of(Way.values()));
    }

    /** Returns the best caching that works. */
    private static Caching probe(Way way, Path directory) throws IOException {
        Path work = Files.createTempDirectory(Files.createDirectories(directory), "erofs-probe-");
        Path target = work.resolve("mounted");
        Path tar = work.resolve("layer.tar");
        Path index = work.resolve("index");
        try {
            Files.createDirectory(target);
            write(tar, index);
            try {
                read(way, index, tar, target, Caching.DIRECT);
                return Caching.DIRECT;
            } catch (IOException e) {
                // disks with blocks of 4096 bytes can't be read directly by 512; older kernels lack the option
                read(way, index, tar, target, Caching.BUFFERED);
                return Caching.BUFFERED;
            }
        } finally {
            for (Path path : List.of(target, tar, index, work)) {
                Files.deleteIfExists(path);
            }
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
        Files.write(tar, bytes.toByteArray());
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        ErofsIndex.write(MergedTree.of(List.of(builder.build(writer.position()))), image);
        Files.write(index, image.toByteArray());
    }
}

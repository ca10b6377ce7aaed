package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Image archives, docker's and OCI layouts: loaded, or refused. The tar reader has a target of its own; here a tar is made of
 * the input's files, so that digests fit: in contents {@code $0} to {@code $9} stand for the digests of earlier files, and the
 * name {@code @} for a blob's path.
 */
public final class ArchiveFuzz {
    private static final Set<ErrorKind> REFUSALS = Set.of(
            ErrorKind.INVALID_ARGUMENT,
            ErrorKind.NOT_IMPLEMENTED,
            ErrorKind.FAILED_PRECONDITION,
            ErrorKind.DATA_LOSS,
            ErrorKind.RESOURCE_EXHAUSTED);
    private static final int MAX_FILES = 16;
    private static final int ROUNDS_OF_STORE = 2000;

    private static ImageFixture fixture = fixture();
    private static int rounds;

    private ArchiveFuzz() {}

    /** The input is files, each {@code name NL content NUL}. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (++rounds % ROUNDS_OF_STORE == 0) {
            fixture.close();
            fixture = fixture();
        }
        List<Image> images = List.of();
        try {
            images = fixture.services.archives().load(new ByteArrayInputStream(tar(input)), true, progress -> {});
        } catch (FornoException e) {
            if (!REFUSALS.contains(e.kind())) {
                throw new AssertionError("a refusal of the kind " + e.kind(), e);
            }
        }
        for (Image image : images) {
            fixture.services.images().inspect(image.id().toString());
            fixture.services.removal().remove(image.id().toString(), true, true);
        }
    }

    private static byte[] tar(byte[] input) {
        List<String> digests = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        String[] files = new String(input, ISO_8859_1).split("\0", MAX_FILES);
        try {
            for (String file : files) {
                int line = Math.max(0, file.indexOf('\n'));
                byte[] content = filled(file.substring(Math.min(line + 1, file.length())), digests);
                String digest = Digest.of(content).hex();
                digests.add(digest);
                String name = file.substring(0, line).replace("@", "blobs/sha256/" + digest);
                TarEntry entry = name.startsWith(">") && name.length() > 1
                        ? TarEntry.symlink(name.substring(1), new String(content, ISO_8859_1), Instant.EPOCH)
                        : TarEntry.file(name.isEmpty() ? "x" : name, 0644, content.length, Instant.EPOCH);
                tar.add(entry, new ByteArrayInputStream(content));
            }
            tar.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] filled(String content, List<String> digests) {
        String filled = content;
        for (int i = 0; i < Math.min(10, digests.size()); i++) {
            filled = filled.replace("$" + i, digests.get(i));
        }
        return filled.getBytes(ISO_8859_1);
    }

    private static ImageFixture fixture() {
        try {
            Path directory = Files.createTempDirectory("forno-archive-fuzz");
            ImageFixture made = new ImageFixture(new PlainStore(directory));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.forno.engine.volumes;

import dev.forno.linux.files.Root;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.archives.ExtractOptions;
import dev.forno.store.archives.Extractor;
import dev.forno.store.archives.PackOptions;
import dev.forno.store.archives.Packer;
import dev.forno.store.archives.TarReader;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.failures.Failures;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Copies what is in one directory into another, with everything that an archive keeps. */
final class TreeCopy {
    private static final String STEP = "copy the image's files into the volume";
    private static final int BUFFER = 1 << 18;

    private TreeCopy() {}

    static void copy(Root source, Root target) {
        try (PipedInputStream in = new PipedInputStream(BUFFER)) {
            PipedOutputStream out = new PipedOutputStream(in);
            CompletableFuture<Void> packing = new CompletableFuture<>();
            Thread.ofVirtual().name("volume-fill").start(() -> pack(source, out, packing));
            try (Extractor extractor = new Extractor(target, ExtractOptions.plain())) {
                extractor.extract(new TarReader(in));
            }
            packing.join();
        } catch (CompletionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static void pack(Root source, OutputStream out, CompletableFuture<Void> done) {
        try (OutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
            TarWriter tar = new TarWriter(buffered);
            new Packer(tar, PackOptions.plain()).pack(source, "/", "");
            tar.finish();
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private static FornoException failed(Throwable cause) {
        return switch (cause) {
            case FornoException e -> e;
            case IOException e -> Failures.of(STEP, e);
            default -> new FornoException(ErrorKind.INTERNAL, STEP + ": " + cause.getMessage(), cause);
        };
    }
}

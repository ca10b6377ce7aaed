package dev.forno.build.solvers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A build context and its options, in the making. */
final class Context {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(bytes);
    final Map<String, String> buildArgs = new HashMap<>();
    final Map<String, String> labels = new HashMap<>();

    @Nullable
    String target;

    boolean noCache;
    String network = "none";

    static Context of(String dockerfile) {
        return new Context().file("Dockerfile", dockerfile);
    }

    Context file(String name, String text) {
        return file(name, 0644, text.getBytes(UTF_8), Instant.EPOCH);
    }

    Context file(String name, int mode, byte[] content, Instant modified) {
        return add(TarEntry.file(name, mode, content.length, modified).withOwner(4321, 4321), content);
    }

    Context add(TarEntry entry, byte... content) {
        try {
            tar.add(entry, new ByteArrayInputStream(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Context arg(String name, String value) {
        buildArgs.put(name, value);
        return this;
    }

    Context target(String stage) {
        target = stage;
        return this;
    }

    Context noCache() {
        noCache = true;
        return this;
    }

    InputStream tar() {
        try {
            tar.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}

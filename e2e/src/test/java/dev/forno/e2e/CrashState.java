package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Manifest;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What lies in an engine's state directory, and whether it is whole. */
record CrashState(TreeSet<String> files) {
    /** All files and directories, but not broken-off downloads, which are kept for a day to be resumed. */
    static CrashState of(Path state) {
        TreeSet<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.walk(state)) {
            all.map(path -> state.relativize(path).toString())
                    .filter(name -> !name.startsWith("store/ingests/") || name.contains("once-"))
                    .filter(name -> !name.contains(".db-"))
                    .forEach(files::add);
        } catch (IOException | UncheckedIOException e) {
            throw new AssertionError("list " + state + ": " + e, e); // something went meanwhile
        }
        return new CrashState(files);
    }

    /** What is here and wasn't there. */
    List<String> beyond(CrashState before) {
        return files.stream().filter(file -> !before.files.contains(file)).toList();
    }

    /** Hashes every blob. */
    static void assertBlobsAreWhatTheySay(Path state) throws IOException {
        try (Stream<Path> blobs = Files.list(state.resolve("store/content/blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                try (InputStream in = Files.newInputStream(blob)) {
                    assertEquals(blob.getFileName().toString(), Digest.of(in).hex());
                } catch (java.nio.file.NoSuchFileException e) {
                    // collected meanwhile
                }
            }
        }
    }

    /** Saves the images and follows everything that their manifests say, by digest. */
    static void assertWhole(Docker docker, List<String> names, Path file) throws IOException {
        List<String> command = new ArrayList<>(List.of("save", "-o", file.toString()));
        command.addAll(names);
        docker.text(command.toArray(String[]::new));
        Map<String, byte[]> small = new HashMap<>();
        Map<String, Long> sizes = new HashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            TarReader tar = new TarReader(in);
            for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                String name = next.get().name();
                sizes.put(name, next.get().size());
                if (next.get().size() < 100_000) {
                    byte[] bytes = tar.content().readAllBytes();
                    small.put(name, bytes);
                    assertDigest(name, () -> Digest.of(bytes));
                } else {
                    assertDigest(name, () -> Digest.of(tar.content()));
                }
            }
        }
        byte[] index = small.get("index.json");
        assertTrue(index != null, "no index.json in " + sizes.keySet());
        List<Descriptor> manifests = Documents.index(index).manifests();
        assertTrue(!manifests.isEmpty(), "no manifests");
        for (Descriptor descriptor : manifests) {
            Manifest manifest = Documents.manifest(small.getOrDefault(path(descriptor), new byte[0]));
            Documents.imageConfig(small.getOrDefault(path(manifest.config()), new byte[0]));
            for (Descriptor layer : manifest.layers()) {
                assertEquals(layer.size(), sizes.get(path(layer)), () -> "layer " + layer.digest());
            }
        }
        Files.delete(file);
    }

    private static String path(Descriptor descriptor) {
        return "blobs/sha256/" + descriptor.contentDigest().hex();
    }

    private interface Hash {
        Digest get() throws IOException;
    }

    private static void assertDigest(String name, Hash hash) throws IOException {
        if (name.startsWith("blobs/sha256/") && name.length() > "blobs/sha256/".length()) {
            assertEquals(name.substring("blobs/sha256/".length()), hash.get().hex(), name);
        }
    }
}

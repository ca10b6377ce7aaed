package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * An image as a registry has it and as an archive.
 *
 * @param config its configuration
 * @param blobs its layers as they are exchanged, lowest first
 */
@SuppressWarnings("ArrayRecordComponent") // made here, never compared
record HostileImage(byte[] config, List<byte[]> blobs) {
    /** An image of these layers, compressed. */
    static HostileImage of(List<byte[]> layers) {
        String diffIds =
                layers.stream().map(layer -> "\"" + Digest.of(layer) + "\"").collect(Collectors.joining(","));
        return new HostileImage(
                config(diffIds), layers.stream().map(HostileImage::gzip).toList());
    }

    /** A configuration with diffIDs as JSON. */
    static byte[] config(String diffIds) {
        return """
                {"architecture":"%s","os":"linux","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(Platform.host().architecture(), diffIds).getBytes(UTF_8);
    }

    /** Its manifest. */
    byte[] manifest() {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
                        + descriptor(MediaTypes.OCI_CONFIG, config) + ",\"layers\":["
                        + blobs.stream()
                                .map(blob -> descriptor(MediaTypes.OCI_LAYER_GZIP, blob))
                                .collect(Collectors.joining(","))
                        + "]}")
                .getBytes(UTF_8);
    }

    /** A descriptor of these bytes as JSON. */
    static String descriptor(String type, byte[] bytes) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + Digest.of(bytes) + "\",\"size\":" + bytes.length + "}";
    }

    /** Docker's archive of it, which calls it {@code name}. */
    byte[] archive(String name) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < blobs.size(); i++) {
            files.put("l" + i + "/layer.tar", blobs.get(i));
            paths.add("\"l" + i + "/layer.tar\"");
        }
        files.put("config.json", config);
        files.put(
                "manifest.json",
                ("[{\"Config\":\"config.json\",\"RepoTags\":[\"" + name + "\"],\"Layers\":[" + String.join(",", paths)
                                + "]}]")
                        .getBytes(UTF_8));
        return archive(files);
    }

    /** A tar of these files. */
    static byte[] archive(Map<String, byte[]> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarEntry entry = TarEntry.file(file.getKey(), 0644, file.getValue().length, Instant.EPOCH);
                tar.add(entry, new ByteArrayInputStream(file.getValue()));
            }
            tar.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}

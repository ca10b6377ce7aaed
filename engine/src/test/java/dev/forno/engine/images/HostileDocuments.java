package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The list of hostile manifests, indexes and configurations. */
final class HostileDocuments {
    /**
     * What a registry serves.
     *
     * @param manifest the manifest or index
     * @param type its media type
     * @param blobs the blobs it points to, found by their digests
     * @param reason a part of the refusal's message when it is pulled, {@link #TAKEN} when the image is taken
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Case(String name, byte[] manifest, String type, List<byte[]> blobs, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Not hostile enough to be refused. */
    static final String TAKEN = "taken";

    private static final byte[] LAYER = new HostileTar().file("f", "x").end();
    private static final String DIFF_ID = "\"" + Digest.of(LAYER) + "\"";
    private static final byte[] BLOB = HostileImage.gzip(LAYER);
    private static final String GZIP = HostileImage.descriptor(MediaTypes.OCI_LAYER_GZIP, BLOB);
    private static final byte[] CONFIG = HostileImage.config(DIFF_ID);

    private final List<Case> cases = new ArrayList<>();

    private HostileDocuments() {}

    /** All of them. */
    static List<Case> all() {
        HostileDocuments made = new HostileDocuments();
        made.manifests();
        made.layers();
        made.configs();
        return made.cases;
    }

    private void add(String name, String reason, String manifest, byte[]... blobs) {
        cases.add(new Case(name, manifest.getBytes(UTF_8), MediaTypes.OCI_MANIFEST, List.of(blobs), reason));
    }

    private void config(String name, String reason, String json, String... layers) {
        byte[] config = json.getBytes(ISO_8859_1);
        add(name, reason, manifest(config, layers), config, BLOB);
    }

    private static String manifest(byte[] config, String... layers) {
        return manifest(HostileImage.descriptor(MediaTypes.OCI_CONFIG, config), String.join(",", layers));
    }

    private static String manifest(String config, String layers) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":" + config
                + ",\"layers\":[" + layers + "]}";
    }

    private static String repeat(String text, int count) {
        return IntStream.range(0, count).mapToObj(i -> text).collect(Collectors.joining(","));
    }

    private void manifests() {
        add("100,000 layers", "larger than", manifest(CONFIG, repeat(GZIP, 100_000)), CONFIG, BLOB);
        add("20,000 layers, one diffID", "", manifest(CONFIG, repeat(GZIP, 20_000)), CONFIG, BLOB);
        add("deep", "", "{\"a\":" + "[".repeat(9000) + "]".repeat(9000) + "}");
        add("a text", "", "no JSON at all");
        add("nothing", "", "");
        add("null", "", "null");
        add("a null as layer", "", manifest(CONFIG, "null"), CONFIG);
        add("no layers at all", "", "{\"schemaVersion\":2,\"config\":" + GZIP + "}");
        add("a manifest and an index", "", manifest(CONFIG, GZIP).replace("\"layers\"", "\"manifests\":[],\"layers\""));
        add("schema 1", "schema 1", "{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}");
        add("version 3", "version", manifest(CONFIG, GZIP).replace(":2,", ":3,"), CONFIG, BLOB);
        add("an unknown algorithm", "algorithm", manifest(CONFIG, GZIP.replace("sha256:", "md5:")), CONFIG);
        add("a path as digest", "", manifest(CONFIG, GZIP.replace("sha256:", "sha256:../../")), CONFIG);
        String index = "{\"schemaVersion\":2,\"manifests\":[%s]}";
        String wrong = HostileImage.descriptor(MediaTypes.OCI_MANIFEST, CONFIG)
                .replace("}", ",\"platform\":{\"os\":\"plan9\",\"architecture\":\"pdp11\"}}");
        cases.add(new Case(
                "an index without us",
                index.formatted(wrong).getBytes(UTF_8),
                MediaTypes.OCI_INDEX,
                List.of(),
                "no matching manifest"));
        cases.add(new Case(
                "a large index",
                index.formatted(repeat(wrong, 50_000)).getBytes(UTF_8),
                MediaTypes.OCI_INDEX,
                List.of(),
                "larger than"));
        cases.add(new Case(
                "no UTF-8",
                manifest(CONFIG, GZIP).replace("sha256", "sh\u00ff256").getBytes(ISO_8859_1),
                MediaTypes.OCI_MANIFEST,
                List.of(),
                ""));
    }

    private void layers() {
        byte[] two = HostileImage.config(DIFF_ID + "," + DIFF_ID);
        add("a layer twice", TAKEN, manifest(two, GZIP, GZIP), two, BLOB);
        byte[] many = HostileImage.config(repeat(DIFF_ID, 600));
        add("a layer 600 times", TAKEN, manifest(many, repeat(GZIP, 600)), many, BLOB);
        byte[] other = HostileImage.gzip(Arrays.copyOf(LAYER, LAYER.length + 512));
        add(
                "another layer",
                "digest",
                manifest(CONFIG, HostileImage.descriptor(MediaTypes.OCI_LAYER_GZIP, other)),
                CONFIG,
                other);
        add("too few layers", "", manifest(two, GZIP), two, BLOB);
        add("too many layers", "", manifest(CONFIG, GZIP, GZIP), CONFIG, BLOB);
        add("a larger size", "", manifest(CONFIG, GZIP.replace("\"size\":", "\"size\":1")), CONFIG, BLOB);
        add("a smaller size", "", manifest(CONFIG, GZIP.replaceAll("\"size\":\\d+", "\"size\":5")), CONFIG, BLOB);
        add("a negative size", "neither", manifest(CONFIG, GZIP.replace("\"size\":", "\"size\":-")), CONFIG, BLOB);
        add("a missing blob", "", manifest(CONFIG, GZIP), CONFIG);
        byte[] cut = Arrays.copyOf(BLOB, BLOB.length / 2);
        add("half a layer", "", manifest(CONFIG, HostileImage.descriptor(MediaTypes.OCI_LAYER_GZIP, cut)), CONFIG, cut);
        add(
                "the configuration as layer",
                "",
                manifest(CONFIG, HostileImage.descriptor(MediaTypes.OCI_LAYER, CONFIG)),
                CONFIG);
        byte[] window = new byte[40];
        System.arraycopy(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xf8}, 0, window, 0, 6);
        add(
                "a window of gigabytes",
                "",
                manifest(CONFIG, HostileImage.descriptor(MediaTypes.OCI_LAYER_ZSTD, window)),
                CONFIG,
                window);
        add(
                "a foreign layer",
                "foreign",
                manifest(CONFIG, GZIP.replace("image.layer.v1", "image.layer.nondistributable.v1")),
                CONFIG,
                BLOB);
    }

    private void configs() {
        add("a layer as configuration", "", manifest(GZIP, GZIP), BLOB);
        add(
                "a layer as configuration by type",
                "",
                manifest(GZIP.replace(MediaTypes.OCI_LAYER_GZIP, MediaTypes.OCI_CONFIG), GZIP),
                BLOB);
        String plain = new String(CONFIG, UTF_8);
        config(
                "millions of history entries",
                "",
                plain.replace("\"rootfs\"", "\"history\":[" + repeat("{}", 3_000_000) + "],\"rootfs\""),
                GZIP);
        config(
                "a hundred thousand history entries",
                TAKEN,
                plain.replace(
                        "\"rootfs\"", "\"history\":[" + repeat("{\"empty_layer\":true}", 100_000) + "],\"rootfs\""),
                GZIP);
        config("a text as entry point", "", plain.replace("[\"sh\"]", "\"sh\""), GZIP);
        config("numbers as command", TAKEN, plain.replace("[\"sh\"]", "[\"sh\"],\"ArgsEscaped\":false"), GZIP);
        config("a null in the environment", "null", plain.replace("\"Cmd\"", "\"Env\":[null],\"Cmd\""), GZIP);
        config(
                "half a surrogate",
                "surrogate",
                plain.replace("\"Cmd\"", "\"Labels\":{\"a\":\"\\ud800\"},\"Cmd\""),
                GZIP);
        config(
                "bad UTF-8 in a label",
                "UTF-8",
                plain.replace("\"Cmd\"", "\"Labels\":{\"a\":\"\u00ff\"},\"Cmd\""),
                GZIP);
        config("no file system", "rootfs", "{\"architecture\":\"amd64\",\"os\":\"linux\"}", GZIP);
        config("a null as diffID", "null", plain.replace(DIFF_ID, "null"), GZIP);
        config(
                "deep configuration",
                "",
                plain.replace("\"Cmd\"", "\"x\":" + "[".repeat(500) + "]".repeat(500) + ",\"Cmd\""),
                GZIP);
        config(
                "too long a label",
                "",
                plain.replace("\"Cmd\"", "\"Labels\":{\"a\":\"" + "x".repeat(7 << 20) + "\"},\"Cmd\""),
                GZIP);
    }
}

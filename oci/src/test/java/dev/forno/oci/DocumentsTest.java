package dev.forno.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
    private static final Digest DIGEST = Digest.of("x".getBytes(StandardCharsets.UTF_8));

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void manifestsAreReadWithUnknownFields() {
        Manifest manifest = Documents.manifest(bytes("""
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","future":{"a":[1]},
                 "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":7},
                 "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":9}]}
                """.formatted(DIGEST, DIGEST)));
        assertEquals(7, manifest.config().size());
        assertEquals(DIGEST, manifest.layers().getFirst().contentDigest());
        assertNull(manifest.subject());
    }

    @Test
    void imageConfigurationsKeepDockersFields() {
        ImageConfig config = Documents.imageConfig(bytes("""
                {"architecture":"amd64","os":"linux","config":{"Env":["A=1"],"Cmd":["sh"],"ExposedPorts":{"80/tcp":{}},
                 "Healthcheck":{"Test":["NONE"],"Interval":5000000000},"OnBuild":["RUN true"],"Shell":["/bin/sh","-c"]},
                 "rootfs":{"type":"layers","diff_ids":["%s"]},"history":[{"created_by":"x","empty_layer":true}]}
                """.formatted(DIGEST)));
        assertEquals(List.of("A=1"), config.execution().env());
        assertEquals(Map.of("80/tcp", Map.of()), config.execution().exposedPorts());
        assertEquals(List.of(DIGEST), config.diffIds());
        assertTrue(config.history() != null && config.history().getFirst().isEmptyLayer());
        assertEquals(config, Documents.imageConfig(Documents.write(ImageConfig.class, config)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"config\":{}}",
                "{\"config\":{\"mediaType\":\"a\",\"digest\":\"sha256:00\",\"size\":-1},\"layers\":[]}",
                "{\"config\":{\"mediaType\":\"a\",\"digest\":\"b\",\"size\":\"many\"},\"layers\":[]}"
            })
    void brokenManifestsAreRefused(String json) {
        FornoException e = assertThrows(FornoException.class, () -> Documents.manifest(bytes(json)));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
    }

    @Test
    void longLabelsAndScriptsAreRead() {
        String label = "\u00e4\"x".repeat(JsonBinding.MAX_STRING / 3);
        ImageConfig.Execution execution = Documents.imageConfig(bytes(
                        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},\"config\":{\"Labels\":{\"a\":\""
                                + label.replace("\"", "\\\"") + "\"}}}"))
                .execution();
        assertEquals(Map.of("a", label), execution.labels());
        String beyond = "x".repeat(JsonBinding.MAX_STRING + 9);
        assertThrows(FornoException.class, () -> Documents.imageConfig(bytes("{\"author\":\"" + beyond + "\"}")));
    }

    @Test
    void sizeAndDepthAreBounded() {
        byte[] deep = bytes("{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}");
        assertTrue(assertThrows(FornoException.class, () -> Documents.manifest(deep))
                .getMessage()
                .contains("nested deeper"));
        byte[] large = new byte[Documents.MAX_MANIFEST_BYTES + 1];
        assertTrue(assertThrows(FornoException.class, () -> Documents.index(large))
                .getMessage()
                .contains("the limit is"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256",
                "sha256:",
                "sha256:00",
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                "sha256:../../../../etc/passwd"
            })
    void digestsAreSafeFileNames(String text) {
        assertThrows(FornoException.class, () -> Digest.parse(text));
    }

    @Test
    void platformsKnowTheirAliases() {
        assertEquals("linux/amd64", Platform.parse("linux/x86_64").toString());
        assertEquals("linux/arm64", Platform.parse("aarch64").toString());
        assertTrue(Platform.parse("linux/arm/v7").accepts(Platform.parse("linux/arm/v6")));
        assertTrue(!Platform.parse("linux/amd64").accepts(Platform.parse("linux/arm64")));
        assertThrows(FornoException.class, () -> Platform.parse("linux//"));
    }
}

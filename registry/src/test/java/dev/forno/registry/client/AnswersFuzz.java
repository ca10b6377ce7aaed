package dev.forno.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import java.net.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What registries answer: challenges and manifests. */
public final class AnswersFuzz {
    private static final Set<ErrorKind> REFUSALS = Set.of(ErrorKind.INVALID_ARGUMENT, ErrorKind.NOT_IMPLEMENTED);
    private static final List<String> TYPES = List.of(
            "", MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX, MediaTypes.DOCKER_MANIFEST_V1, "application/json", "é");

    private AnswersFuzz() {}

    /** The first byte says what answer the others are. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        int kind = input[0] & 0xff;
        try {
            if (kind % 2 == 0) {
                challenge(new String(body, UTF_8));
            } else {
                manifest(TYPES.get(kind / 2 % TYPES.size()), body);
            }
        } catch (FornoException e) {
            if (!REFUSALS.contains(e.kind())) {
                throw new AssertionError("a refusal of the kind " + e.kind(), e);
            }
        }
    }

    private static void challenge(String value) {
        HttpHeaders headers = HttpHeaders.of(Map.of("WWW-Authenticate", List.of(value)), (name, text) -> true);
        for (Challenge challenge : Challenge.of(headers)) {
            if (challenge.scheme().isEmpty() || challenge.parameter("realm").length() > value.length()) {
                throw new AssertionError("made up: " + challenge);
            }
        }
    }

    private static void manifest(String type, byte[] body) {
        Digest digest = Digest.of(body);
        ManifestDocument document = ManifestDocument.read("fuzz", type, digest, body);
        if (!document.descriptor().contentDigest().equals(digest)
                || document.descriptor().size() != body.length) {
            throw new AssertionError("another document: " + document.descriptor());
        }
        switch (document) {
            case ManifestDocument.OfImage image ->
                image.manifest().layers().forEach(layer -> layer.contentDigest().shortHex());
            case ManifestDocument.OfIndex index -> ImageSearch.candidates(index.index(), dev.forno.oci.Platform.host());
        }
    }
}

package dev.forno.oci;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Spec documents of foreign registries and archives: read, or refused as an invalid argument. */
public final class DocumentsFuzz {
    private DocumentsFuzz() {}

    /** The first byte says what document the others are. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] json = Arrays.copyOfRange(input, 1, input.length);
        try {
            switch (input[0] % 3) {
                case 0 -> manifest(Documents.manifest(json));
                case 1 -> Documents.index(json).manifests().forEach(DocumentsFuzz::descriptor);
                default -> config(Documents.imageConfig(json));
            }
        } catch (FornoException e) {
            Refusal.expected(e);
        }
    }

    private static void manifest(Manifest manifest) {
        descriptor(manifest.config());
        manifest.layers().forEach(DocumentsFuzz::descriptor);
        sameAgain(Manifest.class, manifest, Documents::manifest);
    }

    private static void descriptor(Descriptor descriptor) {
        Digest digest = descriptor.contentDigest();
        Refusal.check(digest.toString().equals(descriptor.digest()), "a digest changed");
        Platform platform = descriptor.platform();
        if (platform != null) {
            platform.accepts(platform);
            Platform.host().accepts(platform);
        }
        MediaTypes.isIndex(descriptor.mediaType());
    }

    private static void config(ImageConfig config) {
        config.platform().accepts(Platform.host());
        ImageConfig.Execution execution = config.execution();
        present(execution.env());
        present(execution.entrypoint());
        present(execution.cmd());
        present(execution.onBuild());
        execution.ports().forEach(Refusal::present);
        execution.volumePaths().forEach(Refusal::present);
        List<ImageConfig.History> history = config.history();
        if (history != null) {
            history.forEach(ImageConfig.History::isEmptyLayer);
        }
        sameAgain(ImageConfig.class, config, Documents::imageConfig);
        config.diffIds().forEach(Digest::shortHex);
    }

    private static void present(@org.jspecify.annotations.Nullable List<String> words) {
        if (words != null) {
            words.forEach(Refusal::present);
        }
    }

    /** What was read can be written, and read again. */
    private static <T> void sameAgain(Class<T> type, T document, Consumer<byte[]> read) {
        read.accept(Documents.write(type, document));
    }
}

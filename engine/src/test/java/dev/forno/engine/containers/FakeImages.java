package dev.forno.engine.containers;

import dev.forno.engine.images.HistoryEntry;
import dev.forno.engine.images.Image;
import dev.forno.engine.images.ImageDetails;
import dev.forno.engine.images.ImageFilter;
import dev.forno.engine.images.ImageSummary;
import dev.forno.engine.images.Images;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One image, named {@code app}, that runs {@code sh} and has a volume. */
final class FakeImages implements Images {
    static final Digest ID = Digest.of("image".getBytes(StandardCharsets.UTF_8));

    private final ImageConfig.Execution execution = new ImageConfig.Execution(
            "app",
            Map.of("80/tcp", Map.of()),
            List.of("A=1", "B=2"),
            null,
            List.of("sh"),
            Map.of("/data", Map.of()),
            "/work",
            Map.of("from", "image"),
            "SIGINT",
            null,
            null,
            null,
            null);

    @Override
    public List<ImageSummary> list(ImageFilter filter) {
        return List.of();
    }

    @Override
    public Image resolve(String name, @Nullable Platform platform) {
        if (!name.equals("app") && !name.equals(ID.toString())) {
            throw new FornoException(ErrorKind.NOT_FOUND, "No such image: " + name + ":latest");
        }
        return new Image(
                ID,
                new ImageConfig(
                        null,
                        null,
                        "amd64",
                        "linux",
                        null,
                        null,
                        null,
                        null,
                        execution,
                        new ImageConfig.RootFs("layers", List.of()),
                        null));
    }

    @Override
    public ImageDetails inspect(String name, @Nullable Platform platform) {
        throw new FornoException(ErrorKind.NOT_FOUND, "No such image: " + name);
    }

    @Override
    public List<HistoryEntry> history(String name, @Nullable Platform platform) {
        return List.of();
    }

    @Override
    public void tag(String name, Reference target) {}
}

package dev.forno.engine.images;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Index;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.Access;
import dev.forno.registry.client.RegistryClient;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.client.Repository;
import dev.forno.registry.credentials.Credentials;
import dev.forno.store.layers.StoredLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A real registry, services of images that know it, and a client for what these don't do. */
final class PlatformFixture implements AutoCloseable {
    final RegistryProcess registry;
    final ImageFixture images;
    private final RegistryClient client = new RegistryClient(RegistryOptions.DEFAULT);

    PlatformFixture(Path directory) throws IOException {
        registry = RegistryProcess.start(directory);
        images = new ImageFixture(directory.resolve("store"));
    }

    @Override
    public void close() {
        client.close();
        images.close();
        registry.close();
    }

    Reference reference(String name) {
        return Reference.parse(registry.host() + "/" + name);
    }

    Repository repository(String name) {
        return client.open(reference(name), Credentials.ANONYMOUS, Access.PUSH);
    }

    /** Lists these manifests of {@code app} under a tag. */
    Digest push(String tag, List<Descriptor> manifests) {
        byte[] bytes = Documents.write(Index.class, Index.of(manifests));
        Digest digest = Digest.of(bytes);
        repository("app").push(Descriptor.of(MediaTypes.OCI_INDEX, digest, bytes.length), bytes, tag);
        return digest;
    }

    /** An image of {@code app} for a platform, pushed and no longer here. */
    Descriptor published(Platform platform) {
        StoredLayer layer =
                images.store.layers().store(new ByteArrayInputStream(ImageFixture.tar("for", platform.toString())));
        ImageConfig config = new ImageConfig(
                null,
                null,
                platform.architecture(),
                platform.os(),
                null,
                null,
                platform.variant(),
                null,
                null,
                new ImageConfig.RootFs("layers", List.of(layer.diffId().toString())),
                null);
        Reference name = reference("app:" + platform.architecture());
        images.services
                .writer()
                .create(new NewImage(config, Map.of(layer.diffId(), layer.blob()), null, List.of(name)));
        images.services.transfers().push(name, RegistryAuth.NONE, images.progress::add);
        Descriptor manifest = Objects.requireNonNull(
                images.services.images().inspect(name.toString()).manifest());
        images.remove(name.toString(), false);
        return new Descriptor(
                manifest.mediaType(), manifest.digest(), manifest.size(), null, null, platform, null, null);
    }
}

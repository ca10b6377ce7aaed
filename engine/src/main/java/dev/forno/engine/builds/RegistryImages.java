package dev.forno.engine.builds;

import dev.forno.build.solvers.BaseImage;
import dev.forno.build.solvers.ImageSource;
import dev.forno.engine.images.Image;
import dev.forno.engine.images.ImageServices;
import dev.forno.engine.images.PullRequest;
import dev.forno.engine.images.RegistryAuth;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import java.util.HashMap;
import java.util.Map;

/** The images of one build: those of the engine, pulled where needed, each at most once. Thread-safe. */
final class RegistryImages implements ImageSource {
    private record Key(String name, String platform) {}

    private final ImageServices images;
    private final BuildRequest request;
    private final SerialListener listener;
    private final Map<Key, BaseImage> resolved = new HashMap<>();

    RegistryImages(ImageServices images, BuildRequest request, SerialListener listener) {
        this.images = images;
        this.request = request;
        this.listener = listener;
    }

    @Override
    public synchronized BaseImage resolve(String name, Platform platform) {
        Key key = new Key(name, platform.toString());
        BaseImage known = resolved.get(key);
        if (known == null) {
            Image image = find(name, platform);
            known = new BaseImage(image.id(), image.config());
            resolved.put(key, known);
        }
        return known;
    }

    private Image find(String name, Platform platform) {
        if (!request.pull()) {
            try {
                boolean asked = request.platform() != null || !platform.equals(Platform.host());
                return images.images().resolve(name, asked ? platform : null);
            } catch (FornoException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) {
                    throw e;
                }
            }
        }
        Reference reference = Reference.parse(name).withDefaultTag();
        return images.transfers()
                .pull(new PullRequest(reference, false, platform, auth(reference.registry())), listener::pull);
    }

    private RegistryAuth auth(String registry) {
        for (Map.Entry<String, RegistryAuth> login : request.logins().entrySet()) {
            String host = login.getKey().replaceFirst("^https?://", "").replaceFirst("/.*$", "");
            boolean hub = host.equals("index.docker.io") || host.equals("registry-1.docker.io");
            if (registry.equals(hub ? Reference.DOCKER_HUB : host)) {
                return login.getValue();
            }
        }
        return RegistryAuth.NONE;
    }
}

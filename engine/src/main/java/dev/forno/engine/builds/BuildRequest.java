package dev.forno.engine.builds;

import dev.forno.engine.images.RegistryAuth;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to build.
 *
 * @param context the context as a tar archive: plain, gzip, bzip2, xz or zstd, found out from its first bytes; read once and
 *     not closed. Ignored when {@code remote} is given
 * @param remote the address of a context (tar archive or single Dockerfile over http or https), or null
 * @param dockerfile the Dockerfile's path inside the context
 * @param tags names for the image, each {@code name[:tag]}
 * @param buildArgs values for {@code ARG}; leave out arguments that the client sends without a value
 * @param target the stage to build, by name or number; null for the last
 * @param noCache whether every step is executed
 * @param pull whether base images are resolved at their registries though they are here
 * @param labels labels for the image, as a {@code LABEL} at the end of the target stage
 * @param networkMode {@code bridge} ({@code default}), {@code none} or {@code host}
 * @param extraHosts lines for {@code /etc/hosts} of RUN steps, each {@code name:address}
 * @param resources limits for RUN steps
 * @param logins credentials by registry host (Docker Hub: {@code docker.io} or {@code https://index.docker.io/v1/})
 * @param platform {@code os/arch[/variant]}, or null for the engine's own
 * @param cacheFrom images whose history may serve as cache; without effect yet, which the output says
 * @param quiet whether only the image's id is reported
 * @param squash asked for by {@code --squash}: refused
 * @param removeContainers whether the containers of successful steps are removed ({@code rm}); always done, which
 *     the output says when it was not asked for
 * @param securityOptions {@code --security-opt} values for RUN steps
 */
public record BuildRequest(
        InputStream context,
        @Nullable String remote,
        String dockerfile,
        List<String> tags,
        Map<String, String> buildArgs,
        @Nullable String target,
        boolean noCache,
        boolean pull,
        Map<String, String> labels,
        String networkMode,
        List<String> extraHosts,
        BuildResources resources,
        Map<String, RegistryAuth> logins,
        @Nullable String platform,
        List<String> cacheFrom,
        boolean quiet,
        boolean squash,
        boolean removeContainers,
        List<String> securityOptions) {

    /** Copies the collections. */
    public BuildRequest {
        tags = List.copyOf(tags);
        buildArgs = Map.copyOf(buildArgs);
        labels = Map.copyOf(labels);
        extraHosts = List.copyOf(extraHosts);
        logins = Map.copyOf(logins);
        cacheFrom = List.copyOf(cacheFrom);
        securityOptions = List.copyOf(securityOptions);
    }

    /** A build of the context's {@code Dockerfile} with defaults for everything else. */
    public static BuildRequest of(InputStream context) {
        return new BuildRequest(
                context,
                null,
                "Dockerfile",
                List.of(),
                Map.of(),
                null,
                false,
                false,
                Map.of(),
                "default",
                List.of(),
                BuildResources.UNLIMITED,
                Map.of(),
                null,
                List.of(),
                false,
                false,
                true,
                List.of());
    }
}

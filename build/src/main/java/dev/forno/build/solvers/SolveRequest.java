package dev.forno.build.solvers;

import dev.forno.build.contexts.BuildContext;
import dev.forno.build.dockerfile.Dockerfile;
import dev.forno.oci.Platform;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to solve.
 *
 * @param dockerfileName how the Dockerfile is called in messages
 * @param target the stage wanted, by name or number; null for the last
 * @param labels labels to add to the target
 */
public record SolveRequest(
        Dockerfile dockerfile,
        String dockerfileName,
        BuildContext context,
        @Nullable String target,
        Map<String, String> buildArgs,
        Map<String, String> labels,
        boolean noCache,
        Platform platform,
        RunOptions runOptions) {}

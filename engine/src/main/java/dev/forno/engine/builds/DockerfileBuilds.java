package dev.forno.engine.builds;

import dev.forno.build.archives.ExtractionLimits;
import dev.forno.build.caches.BuildCache;
import dev.forno.build.contexts.BuildContext;
import dev.forno.build.contexts.Scratch;
import dev.forno.build.dockerfile.Dockerfile;
import dev.forno.build.solvers.Machine;
import dev.forno.build.solvers.SolveRequest;
import dev.forno.build.solvers.SolveResult;
import dev.forno.build.solvers.Solver;
import dev.forno.build.solvers.StepFailedException;
import dev.forno.engine.Trial;
import dev.forno.engine.images.NewImage;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.store.failures.Failures;
import dev.forno.store.garbage.Roots;
import dev.forno.store.leases.Lease;
import dev.forno.store.snapshots.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Builds with the solver of Dockerfiles. */
final class DockerfileBuilds implements Builds {
    /** How much the cache holds before the least recently used steps are forgotten. */
    private static final long CACHE_BYTES = 20L << 30;

    private static final int CACHE_ENTRIES = 20_000;

    private final BuildParts parts;
    private final BuildCache cache;
    private final Solver solver;
    private final Supplier<Roots> holder;
    private final CacheKeeping keeping;

    private DockerfileBuilds(BuildParts parts) {
        this.parts = parts;
        cache = new BuildCache(parts.store(), parts.clock());
        solver = new Solver(new Machine(
                parts.store(),
                cache,
                parts.runtime(),
                parts.networks(),
                parts.network(),
                parts.clock(),
                parts.random()));
        holder = cache::roots;
        keeping = new CacheKeeping(cache, parts, holder);
    }

    static DockerfileBuilds open(BuildParts parts) {
        DockerfileBuilds builds = new DockerfileBuilds(parts);
        parts.roots().add(builds.holder);
        for (Snapshot snapshot : parts.store().snapshotter().snapshots()) {
            if (snapshot.key().startsWith(Machine.SNAPSHOT_PREFIX)) {
                snapshot.remove();
            }
        }
        Scratch.remove(parts.temporary());
        try {
            Files.createDirectories(parts.temporary());
        } catch (IOException e) {
            throw Failures.of("create " + parts.temporary(), e);
        }
        return builds;
    }

    @Override
    public BuildOutcome build(BuildRequest request, BuildListener listener) {
        if (request.squash()) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED, "squash is not in this version; build without --squash");
        }
        List<Reference> names = BuildOptions.names(request.tags());
        Platform platform = request.platform() == null || request.platform().isEmpty()
                ? Platform.host()
                : Platform.parse(request.platform());
        var options = BuildOptions.of(request);
        SerialListener serial = new SerialListener(listener, request.quiet());
        Path directory =
                parts.temporary().resolve(Long.toHexString(parts.random().nextLong()));
        try (BuildContext context = context(request, directory)) {
            Dockerfile dockerfile = context.dockerfile(dockerfileName(request));
            SolveRequest solve = new SolveRequest(
                    dockerfile,
                    dockerfileName(request),
                    context,
                    request.target(),
                    request.buildArgs(),
                    request.labels(),
                    request.noCache(),
                    platform,
                    options);
            return solve(solve, request, names, serial);
        }
    }

    private static String dockerfileName(BuildRequest request) {
        return request.dockerfile().isEmpty() ? "Dockerfile" : request.dockerfile();
    }

    private BuildContext context(BuildRequest request, Path directory) {
        String remote = request.remote();
        if (remote == null || remote.isEmpty()) {
            return BuildContext.extract(request.context(), directory, ExtractionLimits.DEFAULT);
        }
        try {
            return BuildContext.fetch(remote, directory, ExtractionLimits.DEFAULT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "Build cancelled", e);
        }
    }

    private BuildOutcome solve(
            SolveRequest solve, BuildRequest request, List<Reference> names, SerialListener listener) {
        try (Lease lease = parts.store().leases().open("build")) {
            BuildOptions.notices(request).forEach(notice -> listener.text("[Warning] " + notice + "\n"));
            RegistryImages images = new RegistryImages(parts.images(), request, listener);
            SolveResult result = solver.solve(solve, images, lease, listener::text);
            Digest id = record(result, names);
            listener.image(id);
            listener.text("Successfully built " + id.shortHex() + "\n");
            names.forEach(name -> listener.text("Successfully tagged " + name.familiar() + "\n"));
            listener.finish(id);
            cache.trim(CACHE_BYTES, CACHE_ENTRIES);
            return new BuildOutcome.Built(id);
        } catch (StepFailedException e) {
            listener.failed();
            return new BuildOutcome.StepFailed(e.text(), e.exitCode(), dockerfileName(request), e.line());
        } catch (FornoException e) {
            listener.failed();
            throw e;
        }
    }

    /** Gives the result its names; a Dockerfile of nothing but FROM names the base image itself. */
    private Digest record(SolveResult result, List<Reference> names) {
        if (result.id().equals(result.base())) {
            names.forEach(name -> parts.images().images().tag(result.id().toString(), name));
            return result.id();
        }
        return parts.images()
                .writer()
                .create(new NewImage(result.config(), result.newLayers(), result.base(), names))
                .id();
    }

    @Override
    public List<CacheRecord> cache() {
        return keeping.records();
    }

    @Override
    public CachePruneReport prune(CachePruneRequest request) {
        return keeping.prune(request);
    }

    @Override
    public CachePruneReport tryPrune(CachePruneRequest request, Trial trial) {
        return keeping.tryPrune(request, trial);
    }

    @Override
    public Roots holds() {
        return holder.get();
    }
}

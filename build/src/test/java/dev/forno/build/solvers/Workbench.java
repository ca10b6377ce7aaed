package dev.forno.build.solvers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.build.archives.ExtractionLimits;
import dev.forno.build.caches.BuildCache;
import dev.forno.build.contexts.BuildContext;
import dev.forno.linux.files.Root;
import dev.forno.network.bridges.KernelNetworks;
import dev.forno.network.endpoints.NetworkSpec;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.network.endpoints.Networks;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig;
import dev.forno.oci.Platform;
import dev.forno.runtime.monitors.ContainerRuntimes;
import dev.forno.runtime.tasks.Confinement;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.Resources;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.runtime.tasks.TaskSpec;
import dev.forno.store.Store;
import dev.forno.store.archives.TarEntry;
import dev.forno.store.archives.TarWriter;
import dev.forno.store.leases.Lease;
import dev.forno.store.snapshots.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real store, runtime and network in directories of their own, with a busybox image to build on. */
final class Workbench implements AutoCloseable {
    private static final AtomicInteger SERIAL = new AtomicInteger();
    private static final List<String> APPLETS = List.of(
            "sh", "cat", "echo", "true", "false", "ls", "id", "env", "mkdir", "rm", "ln", "touch", "chmod", "chown",
            "stat", "ip", "sleep", "pwd", "test", "find", "tar", "printf", "mv", "cp", "wc", "seq", "head", "ping");

    final Path directory;
    final Map<String, BaseImage> images = new HashMap<>();
    private final Networks networks;
    private final ContainerRuntime runtime;
    private final String bridge;
    private final String cgroup;
    private Store store;
    private final SplittableRandom random = new SplittableRandom();
    private @Nullable Lease base;

    Workbench(Path directory) throws IOException {
        this.directory = directory;
        String unique = ProcessHandle.current().pid() + "-" + SERIAL.incrementAndGet();
        cgroup = "forno-build-test-" + unique;
        bridge = "fb" + Long.toHexString(random.nextLong() & 0xffffff);
        store = Store.open(directory.resolve("store"), InstantSource.system());
        runtime = ContainerRuntimes.open(new RuntimeConfig(
                Files.createDirectories(directory.resolve("run")), Optional.empty(), Optional.empty(), "/" + cgroup));
        networks = KernelNetworks.open(new NetworkingConfig(
                directory.resolve("netns"), "forno-build-test-" + unique, _ -> Optional.empty(), random));
        base = store.leases().open("base image");
        images.put("busybox", busybox());
    }

    private BaseImage busybox() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(bytes);
        byte[] program = Files.readAllBytes(Path.of("/bin/busybox"));
        tar.add(TarEntry.directory("bin", 0755, Instant.EPOCH));
        tar.add(TarEntry.file("bin/busybox", 0755, program.length, Instant.EPOCH), new ByteArrayInputStream(program));
        for (String applet : APPLETS) {
            tar.add(TarEntry.symlink("bin/" + applet, "busybox", Instant.EPOCH));
        }
        tar.add(TarEntry.directory("etc", 0755, Instant.EPOCH));
        file(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nmaria:x:1000:1001::/home:/bin/sh\n");
        file(tar, "etc/group", "root:x:0:\nmaria:x:1001:\nstaff:x:50:\n");
        tar.add(TarEntry.directory("tmp", 01777, Instant.EPOCH));
        tar.finish();
        var layer = store.layers().store(new ByteArrayInputStream(bytes.toByteArray()));
        return image(new ImageConfig(
                "2024-01-01T00:00:00Z",
                null,
                "amd64",
                "linux",
                null,
                null,
                null,
                null,
                ImageConfig.Execution.EMPTY,
                new ImageConfig.RootFs("layers", List.of(layer.diffId().toString())),
                List.of()));
    }

    static BaseImage image(ImageConfig config) {
        return new BaseImage(Digest.of(Documents.write(ImageConfig.class, config)), config);
    }

    private static void file(TarWriter tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        tar.add(TarEntry.file(name, 0644, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes));
    }

    Store store() {
        return store;
    }

    BuildCache cache() {
        return new BuildCache(store, InstantSource.system());
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    /** Closes and opens the store again, as a restart of the engine does. */
    void restart() {
        store.close();
        store = Store.open(directory.resolve("store"), InstantSource.system());
        base = null;
    }

    /** A build in words: the Dockerfile is the context's file of that name. */
    Result build(Context context) {
        StringBuilder output = new StringBuilder();
        Machine machine = new Machine(
                store,
                cache(),
                runtime,
                networks,
                () -> networks.ensure(NetworkSpec.bridge("bridge", bridge)).name(),
                InstantSource.system(),
                random);
        Path contextDirectory = directory.resolve("context-" + SERIAL.incrementAndGet());
        try (BuildContext files = BuildContext.extract(context.tar(), contextDirectory, ExtractionLimits.DEFAULT);
                Lease lease = store.leases().open("test build")) {
            SolveRequest request = new SolveRequest(
                    files.dockerfile("Dockerfile"),
                    "Dockerfile",
                    files,
                    context.target,
                    context.buildArgs,
                    context.labels,
                    context.noCache,
                    Platform.host(),
                    new RunOptions(
                            context.network,
                            List.of("extra:10.1.2.3"),
                            Resources.UNLIMITED,
                            List.of(),
                            TaskSpec.DEFAULT_SHM_SIZE,
                            null,
                            Confinement.DEFAULT));
            SolveResult result = new Solver(machine).solve(request, this::resolve, lease, output::append);
            return new Result(result, null, output.toString());
        } catch (FornoException | StepFailedException e) {
            return new Result(null, e, output.toString());
        }
    }

    private BaseImage resolve(String name, Platform platform) {
        BaseImage image = images.get(name);
        if (image == null) {
            throw new FornoException(ErrorKind.NOT_FOUND, "No such image: " + name + ":latest");
        }
        return image;
    }

    /** Reads the image's files. */
    <T> T inspect(SolveResult image, Inspection<T> inspection) throws IOException {
        Snapshot snapshot = store.snapshotter()
                .prepare("inspect-" + SERIAL.incrementAndGet(), image.config().diffIds());
        try (Root root = Root.open(snapshot.mount())) {
            return inspection.apply(root);
        } finally {
            snapshot.remove();
        }
    }

    String read(SolveResult image, String path) throws IOException {
        return inspect(image, root -> new String(root.readAll(path, 1 << 20), UTF_8));
    }

    @Override
    public void close() throws IOException {
        if (base != null) {
            base.close();
        }
        networks.recover(List.of(), List.of());
        networks.networks().forEach(network -> networks.remove(network.name()));
        networks.close();
        runtime.close();
        store.close();
        removeCgroups();
    }

    /** Tasks leave their common parent, which is the engine's own, empty. */
    private void removeCgroups() throws IOException {
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                Files.deleteIfExists(hierarchy.resolve(cgroup));
            }
        }
        Files.deleteIfExists(Path.of("/sys/fs/cgroup").resolve(cgroup));
    }

    @FunctionalInterface
    interface Inspection<T> {
        T apply(Root root) throws IOException;
    }

    /** What came of a build. */
    record Result(@Nullable SolveResult result, @Nullable RuntimeException failure, String output) {
        SolveResult image() {
            if (result == null) {
                throw new AssertionError(output, failure);
            }
            return result;
        }

        RuntimeException error() {
            if (failure == null) {
                throw new AssertionError("built: " + output);
            }
            return failure;
        }

        String message() {
            return String.valueOf(error().getMessage());
        }

        int hits() {
            return output.split(" ---> Using cache\n", -1).length - 1;
        }
    }
}

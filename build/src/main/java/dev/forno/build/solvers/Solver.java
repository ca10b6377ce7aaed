package dev.forno.build.solvers;

import dev.forno.build.caches.CacheEntry;
import dev.forno.build.configs.BuildArguments;
import dev.forno.build.dockerfile.Dockerfile;
import dev.forno.build.dockerfile.Instruction;
import dev.forno.build.dockerfile.Source;
import dev.forno.build.dockerfile.Words;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.store.leases.Lease;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds what a Dockerfile says: only the stages that the target needs, those that don't need one another at once, each step
 * from the cache or executed. Thread-safe.
 */
public final class Solver {
    private final Machine machine;

    /** A solver that works with these parts. */
    public Solver(Machine machine) {
        this.machine = machine;
    }

    /**
     * Solves. Blocks; an interrupt of the calling thread cancels. Nothing but cache entries and their layers stays behind.
     *
     * @param images where base images come from
     * @param lease keeps everything that the build makes or uses
     * @param output takes progress texts, one call at a time, from several threads
     * @throws StepFailedException when a RUN's command fails
     * @throws FornoException for everything else, with Docker's texts
     */
    public SolveResult solve(SolveRequest request, ImageSource images, Lease lease, Consumer<String> output) {
        Build build = new Build(machine, request, images, lease, output);
        try {
            return build.solve();
        } finally {
            machine.cache().release(build.heldKeys);
        }
    }

    /** One build. */
    static final class Build {
        final Machine machine;
        final SolveRequest request;
        final BuildArguments globals;
        final int totalSteps;
        private final ImageSource images;
        private final Lease lease;
        private final Consumer<String> output;
        private final BuildPlan plan;
        private final OrderedOutput ordered;
        private final Words globalWords;
        private final Semaphore slots =
                new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));
        private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        private final Map<Integer, Future<StageState>> runs = new HashMap<>();
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private final Set<String> usedKeys = ConcurrentHashMap.newKeySet();
        private final Queue<String> heldKeys = new ConcurrentLinkedQueue<>();

        Build(Machine machine, SolveRequest request, ImageSource images, Lease lease, Consumer<String> output) {
            this.machine = machine;
            this.request = request;
            this.images = images;
            this.lease = lease;
            this.output = output;
            Dockerfile file = request.dockerfile();
            globals = BuildArguments.global(request.buildArgs(), platformArguments(request.platform()));
            globalWords = new Words(file.escape(), globals::globalValue);
            int target = request.target() == null || request.target().isEmpty()
                    ? file.stages().size() - 1
                    : file.stage(request.target())
                            .orElseThrow(() -> new FornoException(
                                    ErrorKind.INVALID_ARGUMENT,
                                    "target stage \"" + request.target() + "\" could not be found"));
            for (Instruction.Arg arg : file.globalArguments()) {
                arg.parameters().forEach(p -> globals.declare(p, globalWords));
            }
            plan = BuildPlan.of(file, target, globalWords, new TreeMap<>(request.labels()));
            totalSteps = plan.totalSteps();
            ordered = new OrderedOutput(file.stages().size(), output);
        }

        SolveResult solve() {
            Dockerfile file = request.dockerfile();
            file.warnings().forEach(w -> output.accept("[WARNING]: " + w + "\n"));
            int step = 0;
            for (Instruction.Arg arg : file.globalArguments()) {
                output.accept("Step " + ++step + "/" + totalSteps + " : "
                        + arg.source().text() + "\n");
            }
            for (int i = 0; i < file.stages().size(); i++) {
                if (!plan.needed(i)) {
                    ordered.finish(i);
                }
            }
            StageState result = run();
            machine.cache().used(usedKeys);
            List<String> unconsumed = globals.unconsumed();
            if (!unconsumed.isEmpty()) {
                output.accept("[Warning] One or more build-args " + "[" + String.join(" ", unconsumed)
                        + "] were not consumed\n");
            }
            Digest id = result.id();
            if (id == null) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "No image was generated. Is your Dockerfile empty?");
            }
            Map<Digest, dev.forno.oci.Descriptor> layers = new LinkedHashMap<>();
            result.layers().forEach(layer -> layers.put(Digest.parse(layer.diffId()), layer.blob()));
            return new SolveResult(id, result.config(), layers, result.base());
        }

        private StageState run() {
            try (executor) {
                for (int stage : plan.order()) {
                    var _ = start(stage);
                }
                try {
                    return await(plan.target());
                } finally {
                    cancel(); // ends what runs on when a stage failed
                }
            } catch (RuntimeException e) {
                RuntimeException first = failure.get();
                throw first == null ? e : first;
            }
        }

        private synchronized Future<StageState> start(int index) {
            Future<StageState> running = runs.get(index);
            if (running == null) {
                running = executor.submit(() -> execute(index));
                runs.put(index, running);
            }
            return running;
        }

        private StageState execute(int index) {
            try {
                return StageRun.execute(this, index);
            } catch (RuntimeException e) {
                if (failure.compareAndSet(null, e)) {
                    ordered.flush(index);
                }
                cancel();
                throw e;
            } finally {
                ordered.finish(index);
            }
        }

        /** Interrupts the stages, once only: a second interrupt would hit them while they clean up. */
        private void cancel() {
            if (cancelled.compareAndSet(false, true)) {
                executor.shutdownNow();
            }
        }

        /** The result of a stage, which is started if it isn't running yet. */
        private StageState await(int index) {
            Future<StageState> future = start(index);
            try {
                return future.get();
            } catch (InterruptedException e) {
                cancel();
                Thread.currentThread().interrupt();
                throw new FornoException(ErrorKind.CANCELLED, "Build cancelled", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException known
                        ? known
                        : new FornoException(ErrorKind.INTERNAL, "build: " + e.getMessage(), e);
            }
        }

        /** The state that a stage begins with. */
        StageState begin(int index) {
            Instruction.From from = request.dockerfile().stages().get(index).from();
            Optional<Integer> parent = plan.parent(index);
            if (parent.isPresent()) {
                return StageState.after(await(parent.get()));
            }
            String name = globalWords.expand(from.image());
            if (name.isEmpty()) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "base name (" + from.image() + ") should not be blank");
            }
            Platform platform = platform(from);
            if (name.equals("scratch")) {
                return StageState.scratch(platform);
            }
            return StageState.of(image(name, platform));
        }

        private Platform platform(Instruction.From from) {
            String text = from.platform() == null ? "" : globalWords.expand(from.platform());
            return text.isEmpty() ? request.platform() : Platform.parse(text);
        }

        private BaseImage image(String name, Platform platform) {
            BaseImage image = images.resolve(name, platform);
            image.config().diffIds().forEach(lease::protect);
            return image;
        }

        /** The layers that {@code --from} names: a stage above, by name or number, or an image. */
        List<Digest> source(String from, int current) {
            Optional<Integer> stage = plan.source(from, current);
            return stage.isPresent()
                    ? await(stage.get()).diffIds()
                    : image(from, request.platform()).config().diffIds();
        }

        Optional<CacheEntry> cached(Digest key) {
            if (request.noCache()) {
                return Optional.empty();
            }
            Optional<CacheEntry> entry = machine.cache().find(key, lease);
            entry.ifPresent(e -> {
                hold(e.key());
                usedKeys.add(e.key());
            });
            return entry;
        }

        /** Adds a step to the cache. */
        void keep(CacheEntry entry) {
            hold(entry.key());
            machine.cache().put(entry);
        }

        private void hold(String key) {
            machine.cache().hold(key);
            heldKeys.add(key);
        }

        /** Does work that uses the machine heavily, not more of it at once than the machine has processors. */
        <T> T limited(Supplier<T> work) {
            try {
                slots.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FornoException(ErrorKind.CANCELLED, "Build cancelled", e);
            }
            try {
                return work.get();
            } finally {
                slots.release();
            }
        }

        List<Instruction> instructions(int index) {
            return plan.instructions(index);
        }

        int firstStep(int index) {
            return plan.firstStep(index);
        }

        void text(int stage, String text) {
            ordered.text(stage, text);
        }

        /** Shows where in the Dockerfile a step failed. */
        void show(int stage, Source source) {
            if (failure.get() == null) {
                ordered.text(stage, request.dockerfileName() + ":" + source.firstLine() + ": " + source.text() + "\n");
            }
        }

        void refuseUnsupported(Instruction.Run run) {
            String flag = !run.mounts().isEmpty()
                    ? "--mount"
                    : !run.devices().isEmpty()
                            ? "--device"
                            : run.security() != null && !run.security().equals("sandbox") ? "--security" : null;
            if (flag != null) {
                throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "RUN " + flag + " is not in this version");
            }
            if (run.network() != null && !Set.of("default", "none", "host").contains(run.network())) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT, "unsupported network mode \"" + run.network() + "\"");
            }
        }

        private static Map<String, String> platformArguments(Platform target) {
            Platform host = Platform.host();
            Map<String, String> all = new LinkedHashMap<>();
            for (var entry : Map.of("TARGET", target, "BUILD", host).entrySet()) {
                Platform platform = entry.getValue();
                all.put(entry.getKey() + "PLATFORM", platform.toString());
                all.put(entry.getKey() + "OS", platform.os());
                all.put(entry.getKey() + "ARCH", platform.architecture());
                all.put(entry.getKey() + "VARIANT", platform.variant() == null ? "" : platform.variant());
            }
            return all;
        }
    }
}

package dev.forno.build.solvers;

import dev.forno.build.caches.CacheEntry;
import dev.forno.build.caches.CacheKey;
import dev.forno.build.configs.BuildArguments;
import dev.forno.build.contexts.Scratch;
import dev.forno.build.dockerfile.Dockerfile;
import dev.forno.build.dockerfile.Instruction;
import dev.forno.build.dockerfile.Stage;
import dev.forno.build.dockerfile.Words;
import dev.forno.linux.ErrnoException;
import dev.forno.linux.files.FileStat;
import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.failures.Failures;
import dev.forno.store.layers.StoredLayer;
import dev.forno.store.snapshots.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Executes one stage from its FROM to its last instruction. For one thread. */
final class StageRun {
    private final Solver.Build build;
    private final int index;
    private final Stage stage;
    private final List<Instruction> instructions;
    private final StageState state;
    private final BuildArguments arguments;
    private final Words words;
    private Instruction current;

    private StageRun(Solver.Build build, int index, StageState state) {
        this.build = build;
        this.index = index;
        this.stage = build.request.dockerfile().stages().get(index);
        this.instructions = build.instructions(index);
        this.state = state;
        this.arguments = build.globals.stage();
        this.words = new Words(build.request.dockerfile().escape(), this::variable);
        this.current = stage.from();
    }

    /** Executes the stage of that index; errors are shown with the instruction they happened in. */
    static StageState execute(Solver.Build build, int index) {
        Stage stage = build.request.dockerfile().stages().get(index);
        int step = build.firstStep(index);
        build.text(index, heading(step, build.totalSteps, stage.from()));
        StageRun run;
        try {
            run = new StageRun(build, index, build.begin(index));
        } catch (FornoException e) {
            build.show(index, stage.from().source());
            throw e;
        }
        try {
            run.steps(step);
            return run.state;
        } catch (FornoException | StepFailedException e) {
            build.show(index, run.current.source());
            throw e;
        }
    }

    private static String heading(int step, int total, Instruction instruction) {
        return "Step " + step + "/" + total + " : " + instruction.source().text() + "\n";
    }

    private void steps(int first) {
        triggers();
        arrow();
        int step = first;
        for (Instruction instruction : instructions) {
            build.text(index, heading(++step, build.totalSteps, instruction));
            step(instruction);
            arrow();
        }
    }

    private void triggers() {
        List<String> triggers = state.draft().takeTriggers();
        if (triggers.isEmpty()) {
            return;
        }
        build.text(
                index, "# Executing " + triggers.size() + " build trigger" + (triggers.size() > 1 ? "s" : "") + "\n");
        for (String trigger : triggers) {
            step(Dockerfile.parseInstruction(trigger));
        }
    }

    private void arrow() {
        build.text(index, " ---> " + state.shortId() + "\n");
    }

    private void step(Instruction instruction) {
        if (Thread.currentThread().isInterrupted()) {
            throw new FornoException(ErrorKind.CANCELLED, "Build cancelled");
        }
        current = instruction;
        switch (instruction) {
            case Instruction.Arg arg -> {
                arg.parameters().forEach(parameter -> arguments.declare(parameter, words));
                commit(List.of("ARG", arg.source().text()), comment(arg.source().text()), () -> null);
            }
            case Instruction.Workdir workdir -> {
                String text = state.draft().apply(workdir, words);
                commit(List.of(text), shellText() + " #(nop) " + text, this::makeWorkingDirectory);
            }
            case Instruction.Setting setting -> {
                String text = state.draft().apply(setting, words);
                commit(List.of(text), comment(text), () -> null);
            }
            case Instruction.Run run -> run(run);
            case Instruction.Copy copy -> copy(copy);
            case Instruction.Add add ->
                transfer(add, add.transfer(), build.request.context().root(), true);
            case Instruction.From _ ->
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "FROM isn't allowed as an ONBUILD trigger");
        }
    }

    private void run(Instruction.Run run) {
        build.refuseUnsupported(run);
        List<String> significant = arguments.significant(name -> state.draft().variable(name) != null);
        List<String> environment = arguments.environment(name -> state.draft().variable(name) != null);
        List<String> command = RunStep.arguments(run, state.draft());
        List<String> key = new ArrayList<>(List.of("RUN", run.network() == null ? "" : run.network()));
        key.add(Integer.toString(significant.size()));
        key.addAll(significant);
        key.addAll(command);
        String createdBy =
                (significant.isEmpty() ? "" : "|" + significant.size() + " " + String.join(" ", significant) + " ")
                        + String.join(" ", command);
        commit(
                key,
                createdBy,
                () -> build.limited(() -> new RunStep(
                                build.machine,
                                build.request.runOptions(),
                                build.request.context().scratch(),
                                text -> build.text(index, text))
                        .execute(run, state, environment)));
    }

    private void copy(Instruction.Copy copy) {
        if (copy.parents()) {
            throw new FornoException(ErrorKind.NOT_IMPLEMENTED, "COPY --parents is not in this version");
        }
        if (copy.from() == null) {
            transfer(copy, copy.transfer(), build.request.context().root(), true);
            return;
        }
        if (copy.from().contains("$")) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "variable expansion is not supported for --from, define a new stage with FROM using ARG from"
                            + " global scope as a workaround");
        }
        List<Digest> layers = build.source(copy.from(), index);
        Snapshot snapshot =
                build.machine.store().snapshotter().prepare(Machine.SNAPSHOT_PREFIX + build.machine.newId(), layers);
        try (Root root = Root.open(snapshot.mount())) {
            transfer(copy, copy.transfer(), root, false);
        } catch (ErrnoException e) {
            throw Failures.of("COPY --from=" + copy.from(), e);
        } finally {
            snapshot.remove();
        }
    }

    private void transfer(Instruction instruction, Instruction.Transfer transfer, Root tree, boolean fromContext) {
        Path scratch = build.request.context().scratch().resolve("copy-" + build.machine.newId());
        try (Root fetched = Root.open(Files.createDirectories(scratch))) {
            CopyStep step = new CopyStep(
                    instruction,
                    transfer,
                    words,
                    state.draft().workingDirectory(),
                    tree,
                    fromContext,
                    scratch,
                    fetched);
            commit(
                    step.keyParts(),
                    shellText() + " #(nop) " + step.comment(),
                    () -> build.limited(() -> step.execute(build.machine, state)));
        } catch (IOException e) {
            throw Failures.of(instruction.keyword() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "Build cancelled", e);
        } finally {
            Scratch.remove(scratch);
        }
    }

    private @Nullable StoredLayer makeWorkingDirectory() {
        String path = state.draft().workingDirectory();
        Snapshot snapshot = build.machine
                .store()
                .snapshotter()
                .prepare(Machine.SNAPSHOT_PREFIX + build.machine.newId(), state.diffIds());
        boolean committed = false;
        try {
            try (Root root = Root.open(snapshot.mount())) {
                Optional<FileStat> there = path.equals("/") ? Optional.of(root.stat("/")) : root.find(path);
                if (there.isPresent() && there.get().isDirectory()) {
                    return null;
                }
                root.mkdirAll(path, 0755);
            }
            StoredLayer layer = build.machine.store().layers().commit(snapshot);
            committed = true;
            return layer;
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "Cannot mkdir: " + path + " is not a directory", e);
        } finally {
            if (!committed) {
                snapshot.remove();
            }
        }
    }

    /** Takes the step from the cache or does {@code work}, and adds it to the image. */
    private void commit(List<String> keyParts, String createdBy, Supplier<@Nullable StoredLayer> work) {
        String parent = state.idText();
        Digest key = CacheKey.of(parent, keyParts);
        Optional<CacheEntry> cached = build.cached(key);
        if (cached.isPresent()) {
            build.text(index, " ---> Using cache\n");
            state.adopt(cached.get());
            return;
        }
        StoredLayer layer = work.get();
        Instant now = build.machine.clock().instant();
        state.commit(createdBy, layer, now);
        build.keep(new CacheEntry(
                key.toString(),
                parent,
                current.source().text(),
                state.configText(),
                state.layers(),
                layer == null || layer.empty() ? 0 : layer.size(),
                now.toString(),
                now.toString(),
                0));
    }

    private String comment(String text) {
        return shellText() + " #(nop)  " + text;
    }

    private String shellText() {
        return String.join(" ", state.draft().shell());
    }

    private @Nullable String variable(String name) {
        String value = state.draft().variable(name);
        return value == null ? arguments.value(name) : value;
    }
}

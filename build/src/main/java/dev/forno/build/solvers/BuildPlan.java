package dev.forno.build.solvers;

import dev.forno.build.dockerfile.Dockerfile;
import dev.forno.build.dockerfile.Instruction;
import dev.forno.build.dockerfile.Source;
import dev.forno.build.dockerfile.Stage;
import dev.forno.build.dockerfile.Words;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** The graph of a Dockerfile's stages, cut down to what the target needs. Immutable. */
final class BuildPlan {
    private final Dockerfile file;
    private final int target;
    private final Map<Integer, Integer> parents = new HashMap<>();
    private final TreeSet<Integer> needed = new TreeSet<>();
    private final List<Instruction> labels = new ArrayList<>();
    private final Map<Integer, Integer> firstSteps = new HashMap<>();
    private int totalSteps;

    private BuildPlan(Dockerfile file, int target) {
        this.file = file;
        this.target = target;
    }

    /** The plan for a target; {@code labels} become instructions at its end. */
    static BuildPlan of(Dockerfile file, int target, Words globals, SortedMap<String, String> labels) {
        BuildPlan plan = new BuildPlan(file, target);
        plan.checkNames();
        labels.forEach((name, value) -> plan.labels.add(label(name, value)));
        for (int i = 0; i <= target; i++) {
            int stage = i;
            String image = globals.expand(file.stages().get(i).from().image());
            plan.named(image, i).ifPresent(parent -> plan.parents.put(stage, parent));
        }
        plan.reach();
        plan.number();
        return plan;
    }

    /** A label given with the request; its text must not be expanded. */
    private static Instruction label(String name, String value) {
        String text = "LABEL " + name + "=" + value;
        return new Instruction.Label(
                new Source(0, 0, text, List.of()),
                List.of(new Instruction.Assignment(quoted(name), quoted(value), true)));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\"'\"'") + "'";
    }

    private void checkNames() {
        TreeSet<String> names = new TreeSet<>();
        for (Stage stage : file.stages()) {
            String name = stage.name();
            if (name != null && !names.add(name)) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, name + " stage name already used");
            }
        }
    }

    private void reach() {
        Deque<Integer> open = new ArrayDeque<>(List.of(target));
        while (!open.isEmpty()) {
            int stage = open.pop();
            if (needed.add(stage)) {
                Integer parent = parents.get(stage);
                if (parent != null) {
                    open.push(parent);
                }
                for (Instruction instruction : file.stages().get(stage).instructions()) {
                    if (instruction instanceof Instruction.Copy copy && copy.from() != null) {
                        source(copy.from(), stage).ifPresent(open::push);
                    }
                }
            }
        }
    }

    private void number() {
        totalSteps = file.globalArguments().size();
        for (int stage : needed) {
            firstSteps.put(stage, totalSteps + 1);
            totalSteps += 1 + instructions(stage).size();
        }
    }

    int target() {
        return target;
    }

    boolean needed(int stage) {
        return needed.contains(stage);
    }

    /** The needed stages in the order of the file. */
    List<Integer> order() {
        return List.copyOf(needed);
    }

    int totalSteps() {
        return totalSteps;
    }

    /** The number of a stage's FROM among all steps. */
    int firstStep(int stage) {
        return firstSteps.getOrDefault(stage, totalSteps + 1);
    }

    List<Instruction> instructions(int stage) {
        List<Instruction> own = file.stages().get(stage).instructions();
        if (stage != target || labels.isEmpty()) {
            return own;
        }
        List<Instruction> all = new ArrayList<>(own);
        all.addAll(labels);
        return all;
    }

    /** The stage that a stage's FROM names. */
    Optional<Integer> parent(int stage) {
        return Optional.ofNullable(parents.get(stage));
    }

    /** The stage above {@code current} that {@code --from} names; empty when it names an image. */
    Optional<Integer> source(String from, int current) {
        Optional<Integer> named = named(from, current);
        if (named.isPresent() || !from.matches("[0-9]{1,6}")) {
            return named;
        }
        int index = Integer.parseInt(from);
        if (index >= current) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "invalid from flag value " + from + ": "
                            + (index == current ? "refers to current build stage" : "index out of bounds"));
        }
        return Optional.of(index);
    }

    private Optional<Integer> named(String name, int current) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < current; i++) {
            if (wanted.equals(file.stages().get(i).name())) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}

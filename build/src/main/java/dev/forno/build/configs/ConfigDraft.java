package dev.forno.build.configs;

import dev.forno.build.dockerfile.Instruction;
import dev.forno.build.dockerfile.Instruction.Assignment;
import dev.forno.build.dockerfile.Words;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig.Execution;
import dev.forno.oci.ImageConfig.Healthcheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The execution parameters of an image, changed by one instruction after the other. For one thread. */
public final class ConfigDraft {
    /** The shell of the shell form when none is set. */
    public static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

    private @Nullable String user;
    private final Map<String, Map<String, String>> ports;
    private final List<String> env;
    private @Nullable List<String> entrypoint;
    private @Nullable List<String> cmd;
    private final Map<String, Map<String, String>> volumes;
    private @Nullable String workingDirectory;
    private final Map<String, String> labels;
    private @Nullable String stopSignal;
    private final @Nullable Boolean argsEscaped;
    private @Nullable Healthcheck healthcheck;
    private List<String> triggers;
    private @Nullable List<String> shell;
    private @Nullable String author;
    private boolean cmdSet;

    /** A draft that begins with these parameters. */
    public ConfigDraft(Execution start, @Nullable String author) {
        user = start.user();
        ports = copy(start.exposedPorts());
        env = new ArrayList<>(Objects.requireNonNullElse(start.env(), List.of()));
        entrypoint = start.entrypoint();
        cmd = start.cmd();
        volumes = copy(start.volumes());
        workingDirectory = start.workingDir();
        labels = new TreeMap<>(Objects.requireNonNullElse(start.labels(), Map.of()));
        stopSignal = start.stopSignal();
        argsEscaped = start.argsEscaped();
        healthcheck = start.healthcheck();
        triggers = new ArrayList<>(Objects.requireNonNullElse(start.onBuild(), List.of()));
        shell = start.shell();
        this.author = author;
    }

    private static Map<String, Map<String, String>> copy(@Nullable Map<String, Map<String, String>> from) {
        return new TreeMap<>(Objects.requireNonNullElse(from, Map.of()));
    }

    /** The parameters as they are now. */
    public Execution execution() {
        return new Execution(
                user,
                ports.isEmpty() ? null : new TreeMap<>(ports),
                env.isEmpty() ? null : List.copyOf(env),
                entrypoint,
                cmd,
                volumes.isEmpty() ? null : new TreeMap<>(volumes),
                workingDirectory,
                labels.isEmpty() ? null : new TreeMap<>(labels),
                stopSignal,
                argsEscaped,
                healthcheck,
                triggers.isEmpty() ? null : List.copyOf(triggers),
                shell);
    }

    /** The author given by MAINTAINER, or that of the base image, or null. */
    public @Nullable String author() {
        return author;
    }

    /** The environment, {@code NAME=value} each. */
    public List<String> env() {
        return List.copyOf(env);
    }

    /** The value of an environment variable, or null. */
    public @Nullable String variable(String name) {
        for (String variable : env) {
            if (variable.startsWith(name + "=")) {
                return variable.substring(name.length() + 1);
            }
        }
        return null;
    }

    /** Sets an environment variable, in place when it is there. */
    public void setVariable(String name, String value) {
        String variable = name + "=" + value;
        for (int i = 0; i < env.size(); i++) {
            if (env.get(i).startsWith(name + "=")) {
                env.set(i, variable);
                return;
            }
        }
        env.add(variable);
    }

    /** The shell of the shell form. */
    public List<String> shell() {
        return shell == null || shell.isEmpty() ? DEFAULT_SHELL : shell;
    }

    /** The working directory, {@code /} when none is set. */
    public String workingDirectory() {
        return workingDirectory == null || workingDirectory.isEmpty() ? "/" : workingDirectory;
    }

    /** The user, empty for root. */
    public String user() {
        return user == null ? "" : user;
    }

    /** Takes the ONBUILD triggers out. */
    public List<String> takeTriggers() {
        List<String> taken = triggers;
        triggers = new ArrayList<>();
        return taken;
    }

    /**
     * Applies an instruction and returns its text for the image's history, as Docker writes it there. Throws
     * {@link ErrorKind#INVALID_ARGUMENT}.
     */
    public String apply(Instruction.Setting instruction, Words words) {
        return switch (instruction) {
            case Instruction.Env env -> env(env.variables(), words);
            case Instruction.Label label -> label(label.labels(), words);
            case Instruction.Maintainer maintainer -> {
                author = maintainer.name();
                yield "MAINTAINER " + author;
            }
            case Instruction.Cmd command -> {
                cmd = command.command().arguments(shell());
                cmdSet = true;
                yield "CMD " + quoted(cmd);
            }
            case Instruction.Entrypoint command -> {
                List<String> arguments = command.command().arguments(shell());
                entrypoint = arguments.isEmpty() ? null : arguments;
                cmd = cmdSet ? cmd : null;
                yield "ENTRYPOINT " + quoted(arguments);
            }
            case Instruction.Expose expose -> expose(expose.ports(), words);
            case Instruction.Volume volume -> volume(volume.paths(), words);
            case Instruction.User name -> {
                user = words.expand(name.user());
                yield "USER " + user;
            }
            case Instruction.Workdir workdir -> workdir(words.expand(workdir.path()));
            case Instruction.Shell line -> {
                shell = line.words();
                yield "SHELL " + plain(shell);
            }
            case Instruction.StopSignal signal -> {
                stopSignal = Signals.check(words.expand(signal.signal()));
                yield "STOPSIGNAL " + stopSignal;
            }
            case Instruction.HealthCheck check -> {
                healthcheck = check.check();
                yield check.source().text();
            }
            case Instruction.OnBuild trigger -> {
                triggers.add(trigger.expression());
                yield "ONBUILD " + trigger.expression();
            }
        };
    }

    private String env(List<Assignment> variables, Words words) {
        List<Assignment> expanded = expand(variables, words);
        expanded.forEach(a -> setVariable(a.name(), a.value()));
        return "ENV " + text(expanded);
    }

    private String label(List<Assignment> all, Words words) {
        List<Assignment> expanded = expand(all, words);
        expanded.forEach(a -> labels.put(a.name(), a.value()));
        return "LABEL " + text(expanded);
    }

    /** All values of one instruction see the variables as they were before it. */
    private static List<Assignment> expand(List<Assignment> all, Words words) {
        return all.stream()
                .map(a -> new Assignment(words.expand(a.name()), words.expand(a.value()), a.equals()))
                .toList();
    }

    private static String text(List<Assignment> all) {
        return all.stream().map(a -> a.name() + "=" + a.value()).collect(Collectors.joining(" "));
    }

    private String expose(List<String> specs, Words words) {
        List<String> expanded = specs.stream()
                .flatMap(s -> words.expandAll(s).stream())
                .sorted()
                .toList();
        for (String spec : expanded) {
            Ports.parse(spec).forEach(port -> ports.put(port, Map.of()));
        }
        return "EXPOSE " + String.join(" ", expanded);
    }

    private String volume(List<String> paths, Words words) {
        List<String> expanded = paths.stream().map(words::expand).toList();
        if (expanded.contains("")) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "VOLUME specified can not be an empty string");
        }
        expanded.forEach(path -> volumes.put(path, Map.of()));
        return "VOLUME " + plain(expanded);
    }

    private String workdir(String path) {
        if (path.isEmpty()) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "WORKDIR: cannot normalize nothing");
        }
        workingDirectory = ContainerPaths.resolve(workingDirectory(), path);
        return "WORKDIR " + workingDirectory;
    }

    private static String plain(List<String> words) {
        return "[" + String.join(" ", words) + "]";
    }

    private static String quoted(List<String> words) {
        return words.stream()
                .map(word -> "\""
                        + word.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("\t", "\\t") + "\"")
                .collect(Collectors.joining(" ", "[", "]"));
    }
}

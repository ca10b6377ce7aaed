package dev.forno.build.dockerfile;

import dev.forno.build.dockerfile.Instruction.Assignment;
import dev.forno.build.dockerfile.Instruction.Parameter;
import dev.forno.build.dockerfile.Instruction.RunMount;
import dev.forno.build.dockerfile.Instruction.Transfer;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes a typed instruction of one logical line. */
final class InstructionParser {
    static final List<String> KEYWORDS = List.of(
            "ADD",
            "ARG",
            "CMD",
            "COPY",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "FROM",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "RUN",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR");

    private static final Pattern BLANKS = Pattern.compile("[\\t\\x0B\\f\\r ]+");
    private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9_.-]*");
    private static final Pattern ONBUILD = Pattern.compile("(?i)^\\s*ONBUILD\\s*");

    private final LogicalLines.Line line;
    private final char escape;
    private final String keyword;
    private final List<String> flagWords;
    private final String arguments;

    private InstructionParser(LogicalLines.Line line, char escape) {
        this.line = line;
        this.escape = escape;
        String[] parts = BLANKS.split(line.text().strip(), 2);
        keyword = parts[0].toUpperCase(Locale.ROOT);
        InstructionFlags.Split split = InstructionFlags.split(parts.length < 2 ? "" : parts[1], escape);
        flagWords = split.flags();
        arguments = split.rest();
    }

    static Instruction parse(LogicalLines.Line line, char escape) {
        return new InstructionParser(line, escape).instruction();
    }

    private Instruction instruction() {
        return switch (keyword) {
            case "ADD" -> add();
            case "ARG" -> arg();
            case "CMD" -> new Instruction.Cmd(plainSource(), command());
            case "COPY" -> copy();
            case "ENTRYPOINT" -> new Instruction.Entrypoint(plainSource(), command());
            case "ENV" -> new Instruction.Env(plainSource(), assignments());
            case "EXPOSE" -> new Instruction.Expose(plainSource(), atLeastOne(words()));
            case "FROM" -> from();
            case "HEALTHCHECK" -> HealthChecks.parse(source(), arguments, flagWords);
            case "LABEL" -> new Instruction.Label(plainSource(), assignments());
            case "MAINTAINER" -> new Instruction.Maintainer(plainSource(), exactlyOne());
            case "ONBUILD" -> onBuild();
            case "RUN" -> run();
            case "SHELL" -> shell();
            case "STOPSIGNAL" -> new Instruction.StopSignal(plainSource(), exactlyOne());
            case "USER" -> new Instruction.User(plainSource(), exactlyOne());
            case "VOLUME" -> volume();
            case "WORKDIR" -> new Instruction.Workdir(plainSource(), exactlyOne());
            default ->
                throw error("unknown instruction: " + line.text().strip().split("\\s", 2)[0]
                        + ParseErrors.suggestion(keyword, KEYWORDS));
        };
    }

    private Instruction from() {
        InstructionFlags flags = flags(Set.of("platform"), Set.of(), Set.of());
        List<String> words = words();
        String name = null;
        if (words.size() == 3 && words.get(1).equalsIgnoreCase("as")) {
            name = words.get(2).toLowerCase(Locale.ROOT);
            if (!STAGE_NAME.matcher(name).matches()) {
                throw error("invalid name for build stage: \"" + words.get(2)
                        + "\", name can't start with a number or contain symbols");
            }
        } else if (words.size() != 1) {
            throw error("FROM requires either one or three arguments");
        }
        return new Instruction.From(source(), words.getFirst(), flags.value("platform"), name);
    }

    private Instruction run() {
        InstructionFlags flags = flags(Set.of("network", "security"), Set.of(), Set.of("mount", "device"));
        List<RunMount> mounts = flags.all("mount").stream().map(this::mount).toList();
        return new Instruction.Run(
                source(),
                command(),
                line.heredocs(),
                mounts,
                flags.value("network"),
                flags.value("security"),
                flags.all("device"));
    }

    private RunMount mount(String text) {
        String type = "bind";
        List<Parameter> options = new ArrayList<>();
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "true" : field.substring(equals + 1);
            if (key.equals("type")) {
                type = value.toLowerCase(Locale.ROOT);
                if (!List.of("bind", "cache", "tmpfs", "secret", "ssh").contains(type)) {
                    throw error("unsupported mount type \"" + value + "\"");
                }
            } else {
                options.add(new Parameter(key, value));
            }
        }
        return new RunMount(type, List.copyOf(options));
    }

    private Instruction copy() {
        InstructionFlags flags = flags(Set.of("chown", "chmod", "from"), Set.of("link", "parents"), Set.of("exclude"));
        return new Instruction.Copy(source(), transfer(flags), flags.value("from"), flags.isTrue("parents"));
    }

    private Instruction add() {
        InstructionFlags flags = flags(
                Set.of("chown", "chmod", "checksum"), Set.of("link", "keep-git-dir", "unpack"), Set.of("exclude"));
        return new Instruction.Add(
                source(), transfer(flags), flags.value("checksum"), flags.bool("keep-git-dir"), flags.bool("unpack"));
    }

    private Transfer transfer(InstructionFlags flags) {
        List<String> words = wordsOrJson();
        if (words.size() < 2) {
            throw error(keyword + " requires at least two arguments, but only one was provided."
                    + " Destination could not be determined");
        }
        String destination = words.getLast();
        if (!line.heredocs().isEmpty() && HeredocWords.parse(destination) != null) {
            throw error(keyword + " cannot accept a heredoc as a destination");
        }
        List<String> sources = new ArrayList<>();
        List<Heredoc> inline = new ArrayList<>(line.heredocs());
        for (String word : words.subList(0, words.size() - 1)) {
            if (inline.isEmpty() || HeredocWords.parse(word) == null) {
                sources.add(word);
            }
        }
        return new Transfer(
                List.copyOf(sources),
                List.copyOf(inline),
                destination,
                flags.value("chown"),
                flags.value("chmod"),
                flags.isTrue("link"),
                flags.all("exclude"));
    }

    private Instruction arg() {
        noFlags();
        List<Parameter> parameters = new ArrayList<>();
        for (String word : atLeastOne(ShellWords.split(arguments, escape))) {
            int equals = word.indexOf('=');
            if (equals == 0) {
                throw error("ARG names can not be blank");
            }
            parameters.add(
                    equals < 0
                            ? new Parameter(word, null)
                            : new Parameter(word.substring(0, equals), word.substring(equals + 1)));
        }
        return new Instruction.Arg(source(), List.copyOf(parameters));
    }

    private List<Assignment> assignments() {
        List<String> words = ShellWords.split(arguments, escape);
        if (words.isEmpty()) {
            throw error(keyword + " requires at least one argument");
        }
        if (!words.getFirst().contains("=")) {
            String[] parts = BLANKS.split(arguments, 2);
            if (parts.length < 2) {
                throw error(keyword + " must have two arguments");
            }
            return List.of(new Assignment(parts[0], parts[1], false));
        }
        List<Assignment> all = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw error("Syntax error - can't find = in \"" + word + "\". Must be of the form: name=value");
            }
            if (equals == 0) {
                throw error(keyword + " names can not be blank");
            }
            all.add(new Assignment(word.substring(0, equals), word.substring(equals + 1), true));
        }
        return List.copyOf(all);
    }

    private Instruction volume() {
        noFlags();
        List<String> paths =
                atLeastOne(wordsOrJson()).stream().map(String::strip).toList();
        if (paths.contains("")) {
            throw error("VOLUME specified can not be an empty string");
        }
        return new Instruction.Volume(source(), paths);
    }

    private Instruction shell() {
        noFlags();
        CommandLine command = command();
        if (command.words().isEmpty()) {
            throw error("SHELL requires at least one argument");
        }
        if (command.shellForm()) {
            throw error("SHELL requires the arguments to be in JSON form");
        }
        return new Instruction.Shell(source(), command.words());
    }

    private Instruction onBuild() {
        if (arguments.isEmpty()) {
            throw error("ONBUILD requires at least one argument");
        }
        String first = BLANKS.split(arguments, 2)[0].toUpperCase(Locale.ROOT);
        if (first.equals("ONBUILD")) {
            throw error("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
        }
        if (first.equals("FROM") || first.equals("MAINTAINER")) {
            throw error(first + " isn't allowed as an ONBUILD trigger");
        }
        String text = ONBUILD.matcher(line.text()).replaceFirst("");
        Instruction trigger = parse(
                new LogicalLines.Line(line.firstLine(), line.lastLine(), text, line.comments(), line.heredocs()),
                escape);
        StringBuilder expression = new StringBuilder(text);
        for (Heredoc heredoc : line.heredocs()) {
            expression.append('\n').append(heredoc.content()).append(heredoc.name());
        }
        return new Instruction.OnBuild(source(), expression.toString(), trigger);
    }

    private CommandLine command() {
        return command(arguments, line.firstLine());
    }

    /** A command in exec form when it is a JSON array, else in shell form. */
    static CommandLine command(String text, int line) {
        if (text.isEmpty()) {
            return new CommandLine(List.of(), true);
        }
        JsonStrings.Scan json = JsonStrings.scan(text);
        if (json.array() && !json.stringsOnly()) {
            throw ParseErrors.at(line, "when using JSON array syntax, arrays must be comprised of strings only");
        }
        return json.array() ? new CommandLine(json.values(), false) : new CommandLine(List.of(text), true);
    }

    private List<String> wordsOrJson() {
        CommandLine command = command();
        return command.shellForm() ? words() : command.words();
    }

    private List<String> words() {
        return arguments.isEmpty() ? List.of() : Arrays.asList(BLANKS.split(arguments));
    }

    private String exactlyOne() {
        if (arguments.isEmpty()) {
            throw error(keyword + " requires exactly one argument");
        }
        return arguments;
    }

    private List<String> atLeastOne(List<String> words) {
        if (words.isEmpty()) {
            throw error(keyword + " requires at least one argument");
        }
        return words;
    }

    private InstructionFlags flags(Set<String> single, Set<String> booleans, Set<String> repeatable) {
        return new InstructionFlags(line.firstLine(), flagWords, single, booleans, repeatable);
    }

    private void noFlags() {
        flags(Set.of(), Set.of(), Set.of());
    }

    private Source plainSource() {
        noFlags();
        return source();
    }

    private Source source() {
        return new Source(line.firstLine(), line.lastLine(), line.text().strip(), line.comments());
    }

    private FornoException error(String reason) {
        return ParseErrors.at(line.firstLine(), reason);
    }
}

package dev.forno.build.dockerfile;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A parsed Dockerfile (Dockerfile reference).
 *
 * @param directives the parser directives found, keys in lower case
 * @param escape the escape character, {@code \} or {@code `}
 * @param globalArguments the ARGs before the first FROM
 * @param stages the stages in order, at least one
 * @param warnings texts for the user about what is accepted but will not be for ever
 */
public record Dockerfile(
        Map<String, String> directives,
        char escape,
        List<Instruction.Arg> globalArguments,
        List<Stage> stages,
        List<String> warnings) {

    /** The largest file read, in characters. */
    public static final int MAX_LENGTH = 4 << 20;

    private static final int MAX_INSTRUCTIONS = 20_000;

    /** Copies the collections. */
    public Dockerfile {
        directives = Map.copyOf(directives);
        globalArguments = List.copyOf(globalArguments);
        stages = List.copyOf(stages);
        warnings = List.copyOf(warnings);
    }

    /** Parses a file; throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's text, which names the line. */
    public static Dockerfile parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "parse Dockerfile: " + text.length() + " characters, the limit is " + MAX_LENGTH);
        }
        LogicalLines lines = new LogicalLines(text);
        List<Instruction.Arg> globals = new ArrayList<>();
        List<Stage> stages = new ArrayList<>();
        Instruction.From from = null;
        List<Instruction> current = new ArrayList<>();
        int count = 0;
        for (LogicalLines.Line line = lines.next(); line != null; line = lines.next()) {
            Instruction instruction = InstructionParser.parse(line, lines.escape());
            if (++count > MAX_INSTRUCTIONS) {
                throw ParseErrors.at(line.firstLine(), "more than " + MAX_INSTRUCTIONS + " instructions");
            }
            if (instruction instanceof Instruction.From next) {
                if (from != null) {
                    stages.add(new Stage(from, current));
                }
                from = next;
                current = new ArrayList<>();
            } else if (from != null) {
                current.add(instruction);
            } else if (instruction instanceof Instruction.Arg arg) {
                globals.add(arg);
            } else {
                throw ParseErrors.at(line.firstLine(), "no build stage in current context");
            }
        }
        if (count == 0) {
            throw ParseErrors.plain("file with no instructions");
        }
        if (from == null) {
            throw ParseErrors.plain("no build stage in current context: FROM is missing");
        }
        stages.add(new Stage(from, current));
        return new Dockerfile(lines.directives(), lines.escape(), globals, stages, lines.warnings());
    }

    /** Parses one instruction that stands alone, as an ONBUILD trigger or a change of commit. */
    public static Instruction parseInstruction(String text) {
        LogicalLines lines = new LogicalLines(text);
        LogicalLines.Line line = lines.next();
        if (line == null || lines.next() != null) {
            throw ParseErrors.plain("expected a single instruction: " + text);
        }
        return InstructionParser.parse(line, lines.escape());
    }

    /** The stage of that name, or of that number in decimal; empty when there is none. */
    public OptionalInt stage(String nameOrIndex) {
        String wanted = nameOrIndex.toLowerCase(Locale.ROOT);
        for (int i = 0; i < stages.size(); i++) {
            if (wanted.equals(stages.get(i).name())) {
                return OptionalInt.of(i);
            }
        }
        Integer index = number(wanted);
        return index != null && index < stages.size() ? OptionalInt.of(index) : OptionalInt.empty();
    }

    private static @Nullable Integer number(String text) {
        return text.matches("[0-9]{1,6}") ? Integer.valueOf(text) : null;
    }
}

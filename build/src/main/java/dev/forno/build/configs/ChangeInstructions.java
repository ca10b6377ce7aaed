package dev.forno.build.configs;

import dev.forno.build.dockerfile.Dockerfile;
import dev.forno.build.dockerfile.Instruction;
import dev.forno.build.dockerfile.Words;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.ImageConfig.Execution;
import java.util.List;

/** The instructions that commit and import accept as changes. */
public final class ChangeInstructions {
    private ChangeInstructions() {}

    /** The parameters after the changes; throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's text. */
    public static Execution apply(Execution start, List<String> changes) {
        ConfigDraft draft = new ConfigDraft(start, null);
        Words words = new Words('\\', draft::variable);
        for (String change : changes) {
            for (String line : change.lines().filter(l -> !l.isBlank()).toList()) {
                draft.apply(setting(Dockerfile.parseInstruction(line)), words);
            }
        }
        return draft.execution();
    }

    private static Instruction.Setting setting(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Maintainer _, Instruction.Shell _ -> throw refused(instruction);
            case Instruction.Setting setting -> setting;
            case Instruction.From _, Instruction.Run _, Instruction.Copy _, Instruction.Add _, Instruction.Arg _ ->
                throw refused(instruction);
        };
    }

    private static FornoException refused(Instruction instruction) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, instruction.keyword() + " is not a valid change command");
    }
}

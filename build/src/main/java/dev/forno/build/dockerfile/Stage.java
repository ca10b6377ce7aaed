package dev.forno.build.dockerfile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stage: its FROM and the instructions up to the next one. */
public record Stage(Instruction.From from, List<Instruction> instructions) {
    /** Copies the list. */
    public Stage {
        instructions = List.copyOf(instructions);
    }

    /** The name given with AS, in lower case, or null. */
    public @Nullable String name() {
        return from.name();
    }
}

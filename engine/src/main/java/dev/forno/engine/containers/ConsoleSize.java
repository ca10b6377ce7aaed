package dev.forno.engine.containers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A terminal's first size; 0 when nobody said. */
record ConsoleSize(int rows, int columns) {
    static ConsoleSize of(@Nullable List<Integer> given) {
        return given == null || given.size() != 2 ? new ConsoleSize(0, 0) : new ConsoleSize(given.get(0), given.get(1));
    }
}

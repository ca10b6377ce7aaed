package dev.forno.build.dockerfile;

import java.util.List;

/**
 * Where an instruction stands in its file.
 *
 * @param firstLine the first line, from 1
 * @param lastLine the last line, heredocs included
 * @param text the instruction on one line: continuations joined, comments removed, heredocs not included
 * @param comments the comment lines right above, without {@code #}
 */
public record Source(int firstLine, int lastLine, String text, List<String> comments) {
    /** Copies the list. */
    public Source {
        comments = List.copyOf(comments);
    }
}

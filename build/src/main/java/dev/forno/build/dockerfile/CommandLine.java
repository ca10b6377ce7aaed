package dev.forno.build.dockerfile;

import java.util.ArrayList;
import java.util.List;

/**
 * A command in one of the two forms.
 *
 * @param words the exec form's words, or the shell form's text as the only word; empty when nothing was given
 * @param shellForm whether a shell runs it
 */
public record CommandLine(List<String> words, boolean shellForm) {
    /** Copies the list. */
    public CommandLine {
        words = List.copyOf(words);
    }

    /** The arguments to execute: the shell form behind {@code shell}, the exec form as it is. */
    public List<String> arguments(List<String> shell) {
        if (!shellForm || words.isEmpty()) {
            return words;
        }
        List<String> all = new ArrayList<>(shell);
        all.addAll(words);
        return List.copyOf(all);
    }
}

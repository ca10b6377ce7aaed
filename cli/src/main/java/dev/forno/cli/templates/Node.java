package dev.forno.cli.templates;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template is made of. */
sealed interface Node {
    /** Literal text. */
    record Text(String text) implements Node {}

    /** Prints a pipeline, or sets a variable when one is declared. */
    record Print(Pipeline pipeline) implements Node {}

    /** {@code if}: the first true branch is taken. */
    record If(Pipeline condition, List<Node> then, List<Node> otherwise) implements Node {}

    /** {@code with}: as {@code if}, and the value becomes the dot. */
    record With(Pipeline value, List<Node> then, List<Node> otherwise) implements Node {}

    /** {@code range}: the body for each element. */
    record Range(Pipeline values, List<Node> body, List<Node> otherwise) implements Node {}

    /**
     * Commands chained by bars.
     *
     * @param variables the variables set: none, one, or two in a range
     * @param commands each gets its predecessor's value as its last argument
     */
    record Pipeline(List<String> variables, List<Command> commands) {}

    /** A term with arguments: a function's name or a method-like field first. */
    record Command(List<Term> terms) {}

    /** A value in an action. */
    sealed interface Term {
        /** The dot, a variable or a parenthesised pipeline, followed by fields. */
        record Path(@Nullable String variable, @Nullable Pipeline start, List<String> fields, String text, int offset)
                implements Term {}

        /** A text, number, boolean or nil. */
        record Literal(@Nullable Object value) implements Term {}

        /** A function. */
        record Call(String name, int offset) implements Term {}
    }
}

package dev.forno.cli.templates;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subset of Go's text templates that {@code --format} takes: fields, variables, pipelines, {@code if}, {@code with},
 * {@code range}, and the functions of {@link Functions}. Immutable.
 */
public final class Template {
    private final List<Node> nodes;

    private Template(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException when it is none, or uses what is not supported
     */
    public static Template parse(String source) {
        return new Template(Parser.parse(source));
    }

    /**
     * Applies the template.
     *
     * @param data plain values, as {@link dev.forno.cli.documents.Json} holds them, or a {@link Row}
     * @throws TemplateException when a field is missing or a function cannot take its arguments
     */
    public String render(@Nullable Object data) {
        return new Evaluation(data).run(nodes);
    }
}

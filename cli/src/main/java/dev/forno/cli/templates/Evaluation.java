package dev.forno.cli.templates;

import dev.forno.cli.templates.Node.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One application of a template to a value. */
final class Evaluation {
    private final StringBuilder out = new StringBuilder();
    private final Map<String, @Nullable Object> variables = new HashMap<>();

    Evaluation(@Nullable Object data) {
        variables.put("$", data);
    }

    String run(List<Node> nodes) {
        walk(nodes, variables.get("$"));
        return out.toString();
    }

    private void walk(List<Node> nodes, @Nullable Object dot) {
        for (Node node : nodes) {
            switch (node) {
                case Node.Text(String text) -> out.append(text);
                case Node.Print(Node.Pipeline pipeline) -> {
                    Object value = evaluate(pipeline, dot);
                    if (pipeline.variables().isEmpty()) {
                        out.append(Values.print(value));
                    } else {
                        variables.put(pipeline.variables().getFirst(), value);
                    }
                }
                case Node.If(Node.Pipeline condition, List<Node> then, List<Node> otherwise) -> {
                    Object value = bind(condition, dot);
                    walk(Values.isTrue(value) ? then : otherwise, dot);
                }
                case Node.With(Node.Pipeline head, List<Node> then, List<Node> otherwise) -> {
                    Object value = bind(head, dot);
                    if (Values.isTrue(value)) {
                        walk(then, value);
                    } else {
                        walk(otherwise, dot);
                    }
                }
                case Node.Range range -> range(range, dot);
            }
        }
    }

    private @Nullable Object bind(Node.Pipeline pipeline, @Nullable Object dot) {
        Object value = evaluate(pipeline, dot);
        if (!pipeline.variables().isEmpty()) {
            variables.put(pipeline.variables().getFirst(), value);
        }
        return value;
    }

    private void range(Node.Range range, @Nullable Object dot) {
        Object values = evaluate(range.values(), dot);
        List<@Nullable Object> keys = new ArrayList<>();
        List<@Nullable Object> elements = new ArrayList<>();
        switch (values) {
            case null -> {}
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    keys.add((long) i);
                    elements.add(list.get(i));
                }
            }
            case Map<?, ?> map ->
                new TreeMap<>(map).forEach((key, element) -> {
                    keys.add(key);
                    elements.add(element);
                });
            default -> throw new TemplateException("1: range can't iterate over " + Values.print(values));
        }
        if (elements.isEmpty()) {
            walk(range.otherwise(), dot);
        }
        List<String> names = range.values().variables();
        for (int i = 0; i < elements.size(); i++) {
            if (names.size() == 2) {
                variables.put(names.getFirst(), keys.get(i));
                variables.put(names.getLast(), elements.get(i));
            } else if (names.size() == 1) {
                variables.put(names.getFirst(), elements.get(i));
            }
            walk(range.body(), elements.get(i));
        }
    }

    private @Nullable Object evaluate(Node.Pipeline pipeline, @Nullable Object dot) {
        Object value = null;
        boolean first = true;
        for (Node.Command command : pipeline.commands()) {
            value = evaluate(command, dot, first ? List.of() : java.util.Collections.singletonList(value));
            first = false;
        }
        return value;
    }

    private @Nullable Object evaluate(Node.Command command, @Nullable Object dot, List<?> piped) {
        Term head = command.terms().getFirst();
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Term term : command.terms().subList(1, command.terms().size())) {
            arguments.add(evaluate(term, dot, List.of()));
        }
        arguments.addAll(piped);
        return evaluate(head, dot, arguments);
    }

    private @Nullable Object evaluate(Term term, @Nullable Object dot, List<? extends @Nullable Object> arguments) {
        return switch (term) {
            case Term.Literal(Object value) -> value;
            case Term.Call(String name, int offset) -> {
                try {
                    yield Functions.call(name, new ArrayList<>(arguments));
                } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException e) {
                    throw new TemplateException("1:" + offset + ": executing \"\" at <" + name + ">: error calling "
                            + name + ": " + e.getMessage());
                }
            }
            case Term.Path path -> path(path, dot, arguments);
        };
    }

    private @Nullable Object path(Term.Path path, @Nullable Object dot, List<? extends @Nullable Object> arguments) {
        Object value = dot;
        if (path.start() != null) {
            value = evaluate(path.start(), dot);
        } else if (path.variable() != null) {
            if (!variables.containsKey(path.variable())) {
                throw new TemplateException("1: undefined variable \"" + path.variable() + "\"");
            }
            value = variables.get(path.variable());
        }
        for (String name : path.fields()) {
            value = field(path, value, name, arguments);
        }
        return value;
    }

    private static @Nullable Object field(
            Term.Path path, @Nullable Object value, String name, List<? extends @Nullable Object> arguments) {
        if (value instanceof Row row) {
            if (name.equals("Label") && row.label() != null && arguments.size() == 1) {
                return row.label().apply(Values.print(arguments.getFirst()));
            }
            if (row.fields().containsKey(name)) {
                return row.fields().get(name);
            }
            throw missing(path, "can't evaluate field " + name + " in type " + row.kind());
        }
        if (value instanceof Map<?, ?> map) {
            if (map.containsKey(name)) {
                return map.get(name);
            }
            for (Map.Entry<?, ?> member : map.entrySet()) {
                if (isGoName(name, String.valueOf(member.getKey()))) {
                    return member.getValue();
                }
            }
            throw missing(path, "map has no entry for key \"" + name + "\"");
        }
        if (value == null) {
            throw missing(path, "nil data; no entry for key \"" + name + "\"");
        }
        throw missing(path, "can't evaluate field " + name + " in type " + Values.type(value));
    }

    // templates name Go's fields, whose initialisms are capitals where the document's need not be: APIVersion,
    // ApiVersion
    private static boolean isGoName(String name, String member) {
        if (!name.equalsIgnoreCase(member)) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != member.charAt(i) && !Character.isUpperCase(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static TemplateException missing(Term.Path path, String reason) {
        return new TemplateException("1:" + path.offset() + ": executing \"\" at <" + path.text() + ">: " + reason);
    }
}

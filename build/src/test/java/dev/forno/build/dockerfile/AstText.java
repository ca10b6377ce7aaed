package dev.forno.build.dockerfile;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Dockerfiles as the text that the golden files hold. */
final class AstText {
    private AstText() {}

    static String of(Dockerfile file) {
        StringBuilder out = new StringBuilder();
        new TreeMap<>(file.directives()).forEach((k, v) -> out.append("# " + k + "=" + v + "\n"));
        file.globalArguments().forEach(arg -> line(out, "", arg));
        for (Stage stage : file.stages()) {
            line(out, "", stage.from());
            stage.instructions().forEach(i -> line(out, "  ", i));
        }
        file.warnings().forEach(w -> out.append("! " + w + "\n"));
        return out.toString();
    }

    private static void line(StringBuilder out, String indent, Instruction instruction) {
        Source source = instruction.source();
        out.append(indent).append(source.firstLine());
        if (source.lastLine() != source.firstLine()) {
            out.append('-').append(source.lastLine());
        }
        out.append(' ').append(instruction.keyword());
        if (!source.comments().isEmpty()) {
            out.append(" comments=").append(value(source.comments()));
        }
        fields(out, (Record) instruction);
        out.append('\n');
    }

    private static void fields(StringBuilder out, Record part) {
        for (var component : part.getClass().getRecordComponents()) {
            Object value;
            try {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                value = accessor.invoke(part);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
            boolean silent = value == null
                    || value instanceof Source
                    || (value instanceof Collection<?> c && c.isEmpty())
                    || Boolean.FALSE.equals(value);
            if (!silent) {
                out.append(' ').append(component.getName()).append('=').append(value(value));
            }
        }
    }

    private static String value(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case List<?> list -> list.stream().map(AstText::value).collect(Collectors.joining(" ", "[", "]"));
            case Map<?, ?> map -> map.toString();
            case Record part -> {
                StringBuilder out = new StringBuilder("(");
                if (part instanceof Instruction nested) {
                    out.append(nested.keyword());
                }
                fields(out, part);
                yield out.append(')').toString();
            }
            default -> value.toString();
        };
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + '"';
    }
}

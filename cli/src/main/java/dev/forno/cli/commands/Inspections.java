package dev.forno.cli.commands;

import dev.forno.cli.calls.EngineException;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.documents.JsonIndent;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.templates.Template;
import dev.forno.cli.templates.TemplateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code inspect}, of any kind of object or of one. */
final class Inspections {
    private static final List<String> KINDS = List.of("container", "image", "network", "volume");
    private static final String FORMAT = "-f, --format string | Print with a template, or 'json'\n";

    private Inspections() {}

    static Command any() {
        return new Command(
                "[OPTIONS] NAME|ID [NAME|ID...]",
                "Show everything about objects",
                1,
                Command.ANY,
                FORMAT + """
                -s, --size | Show the sizes of a container's files
                --type string | Only objects of this type: container, image, network or volume
                """,
                (session, arguments) -> {
                    String type = arguments.text("type", "");
                    if (!type.isEmpty() && !KINDS.contains(type)) {
                        throw new Failure(
                                1,
                                "unknown type: " + Json.of(type) + ": must be one of \"" + String.join("\", \"", KINDS)
                                        + "\"");
                    }
                    return run(session, arguments, type.isEmpty() ? KINDS : List.of(type), arguments.is("size"));
                });
    }

    static Command of(String kind) {
        String operand = kind.toUpperCase(java.util.Locale.ROOT);
        boolean container = kind.equals("container");
        return new Command(
                "[OPTIONS] " + operand + " [" + operand + "...]",
                "Show everything about " + kind + "s",
                1,
                Command.ANY,
                container ? FORMAT + "-s, --size | Show the sizes of its files\n" : FORMAT,
                (session, arguments) -> run(session, arguments, List.of(kind), container && arguments.is("size")));
    }

    private static int run(Session session, Arguments arguments, List<String> kinds, boolean size) throws IOException {
        String format = arguments.text("format", "");
        Template template = format.isEmpty() || format.equals("json") ? null : Template.parse(format);
        List<String> documents = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (String name : arguments.operands()) {
            try {
                byte[] raw = find(session, name, kinds, size);
                documents.add(print(raw, template));
            } catch (EngineException e) {
                errors.add(e.shown());
                break;
            } catch (Failure | TemplateException e) {
                errors.add(e.getMessage());
                break;
            }
        }
        if (template != null) {
            documents.forEach(session.out()::println);
            if (!errors.isEmpty() && documents.isEmpty()) {
                session.out().println();
            }
        } else {
            String array = "[" + String.join(",", documents) + "]";
            session.out().println(format.equals("json") ? array : JsonIndent.indent(array, "", "    "));
        }
        session.out().flush();
        errors.forEach(session.err()::println);
        return errors.isEmpty() ? 0 : 1;
    }

    private static String print(byte[] raw, @Nullable Template template) {
        String text = new String(raw, StandardCharsets.UTF_8).strip();
        return template == null ? text : template.render(Json.parse(raw).value());
    }

    private static byte[] find(Session session, String name, List<String> kinds, boolean size) throws IOException {
        for (String kind : kinds) {
            String segment = Query.segment(name);
            Query query =
                    switch (kind) {
                        case "container" ->
                            Query.of("/containers/" + segment + "/json").withFlag("size", size);
                        case "image" -> Query.of("/images/" + segment + "/json");
                        case "network" -> Query.of("/networks/" + segment);
                        default -> Query.of("/volumes/" + segment);
                    };
            try {
                return session.engine().getRaw(query);
            } catch (EngineException e) {
                if (kinds.size() == 1 || (!e.isNotFound() && e.status() != 400)) {
                    throw e;
                }
            }
        }
        throw new Failure(1, "Error: No such object: " + name);
    }
}

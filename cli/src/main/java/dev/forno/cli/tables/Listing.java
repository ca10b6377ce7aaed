package dev.forno.cli.tables;

import dev.forno.cli.templates.Row;
import dev.forno.cli.templates.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list of objects printed with a format: {@code table TEMPLATE}, {@code json}, or a template for each line. The fields
 * and their column titles are declared once, the rows give the values.
 */
public final class Listing {
    private final String kind;
    private final Map<String, Object> titles = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    /**
     * An empty list.
     *
     * @param kind what the lines are, for error messages
     * @param fields the field names; a column's title is the name in capitals, or follows a colon
     */
    public Listing(String kind, String... fields) {
        this.kind = kind;
        for (String field : fields) {
            int colon = field.indexOf(':');
            if (colon < 0) {
                titles.put(field, field.toUpperCase(Locale.ROOT));
            } else {
                titles.put(field.substring(0, colon), field.substring(colon + 1));
            }
        }
    }

    /** Adds a line; the values are in the order of the declared fields. */
    public void add(List<?> values) {
        add(values, null);
    }

    /** Adds a line of an object with labels. */
    public void add(List<?> values, @Nullable Function<String, String> label) {
        if (values.size() != titles.size()) {
            throw new IllegalArgumentException("a " + kind + " has " + titles.size() + " fields, not " + values.size());
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        int i = 0;
        for (String name : titles.keySet()) {
            fields.put(name, values.get(i++));
        }
        rows.add(new Row(kind, fields, label));
    }

    /**
     * The list as text.
     *
     * @throws dev.forno.cli.templates.TemplateException when the format cannot be applied
     */
    public String format(String format) {
        boolean table = format.equals("table") || format.startsWith("table ");
        String source = table ? format.substring("table".length()).strip() : format;
        source = source.equals("json")
                ? "{{json .}}"
                : source.replace("\\t", "\t").replace("\\n", "\n");
        Template template = Template.parse(source);
        if (!table) {
            StringBuilder text = new StringBuilder();
            for (Row row : rows) {
                text.append(template.render(row)).append('\n');
            }
            return text.toString();
        }
        Table columns = new Table();
        columns.addTabbed(template.render(new Row(kind, titles, label -> label)));
        for (Row row : rows) {
            columns.addTabbed(template.render(row));
        }
        return columns.toString();
    }

    /** A format option's value, where {@code table} alone means the default columns. */
    public static String chosen(@Nullable String format, String columns) {
        return format == null || format.isEmpty() || format.equals("table") ? "table " + columns : format;
    }
}

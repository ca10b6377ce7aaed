package dev.forno.cli.documents;

/** Indents JSON text without touching its tokens, so that numbers and escapes stay as the engine wrote them. */
public final class JsonIndent {
    private JsonIndent() {}

    /**
     * The text with one member a line.
     *
     * @param prefix what every line but the first starts with
     * @param indent one level of indentation
     */
    public static String indent(String json, String prefix, String indent) {
        StringBuilder out = new StringBuilder(json.length() * 2);
        int depth = 0;
        boolean inString = false;
        boolean pending = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inString) {
                out.append(c);
                if (c == '\\') {
                    out.append(json.charAt(++i));
                } else if (c == '"') {
                    inString = false;
                }
                continue;
            }
            if (Character.isWhitespace(c)) {
                continue;
            }
            boolean close = c == '}' || c == ']';
            if (pending && !close) {
                depth++;
                newLine(out, prefix, indent, depth);
            }
            boolean emptyBlock = pending && close;
            pending = false;
            switch (c) {
                case '{', '[' -> {
                    out.append(c);
                    pending = true;
                }
                case '}', ']' -> {
                    if (!emptyBlock) {
                        depth--;
                        newLine(out, prefix, indent, depth);
                    }
                    out.append(c);
                }
                case ',' -> {
                    out.append(c);
                    newLine(out, prefix, indent, depth);
                }
                case ':' -> out.append(": ");
                default -> {
                    out.append(c);
                    inString = c == '"';
                }
            }
        }
        return out.toString();
    }

    private static void newLine(StringBuilder out, String prefix, String indent, int depth) {
        out.append('\n').append(prefix);
        for (int i = 0; i < depth; i++) {
            out.append(indent);
        }
    }
}

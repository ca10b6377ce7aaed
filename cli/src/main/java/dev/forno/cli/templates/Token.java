package dev.forno.cli.templates;

/**
 * A token of a template.
 *
 * @param kind what it is
 * @param text its text: literal text, the identifier, the field with its dot, the unquoted string
 * @param offset where it starts in the template
 */
record Token(Kind kind, String text, int offset) {
    enum Kind {
        TEXT,
        OPEN,
        CLOSE,
        FIELD,
        DOT,
        VARIABLE,
        IDENTIFIER,
        STRING,
        NUMBER,
        PIPE,
        LEFT,
        RIGHT,
        COMMA,
        DECLARE,
        ASSIGN,
        END
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }
}

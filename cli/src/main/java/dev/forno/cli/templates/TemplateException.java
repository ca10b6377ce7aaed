package dev.forno.cli.templates;

/** A template that cannot be read or applied; the message is complete. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateException(String reason) {
        super("template parsing error: template: :" + reason);
    }
}

package dev.forno.build.solvers;

/** A RUN whose command failed. */
public final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final int exitCode;
    private final int line;

    StepFailedException(String text, int exitCode, int line) {
        super(text);
        this.text = text;
        this.exitCode = exitCode;
        this.line = line;
    }

    /** Docker's text. */
    public String text() {
        return text;
    }

    /** The command's exit code. */
    public int exitCode() {
        return exitCode;
    }

    /** The instruction's first line in the Dockerfile. */
    public int line() {
        return line;
    }
}

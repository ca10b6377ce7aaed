package dev.forno.engine.builds;

import dev.forno.oci.Digest;

/** How a build ended. */
public sealed interface BuildOutcome {

    /** The image is there and has its names. */
    record Built(Digest image) implements BuildOutcome {}

    /**
     * A step's command failed.
     *
     * @param message Docker's text: {@code The command '/bin/sh -c false' returned a non-zero code: 1}
     * @param exitCode the command's exit code; clients exit with it
     * @param dockerfile the Dockerfile's path in the context
     * @param line the step's first line in the Dockerfile, from 1
     */
    record StepFailed(String message, int exitCode, String dockerfile, int line) implements BuildOutcome {}
}

package dev.forno.build.dockerfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Arrays;

/** Dockerfiles and their words: parsed, or refused with a message. */
public final class DockerfileFuzz {
    private DockerfileFuzz() {}

    /** The first byte says whether the others are a file, an instruction or words. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(Arrays.copyOfRange(input, 1, input.length), UTF_8);
        try {
            switch (input[0] % 4) {
                case 0 -> file(Dockerfile.parse(text));
                case 1 -> Dockerfile.parseInstruction(text);
                case 2 -> words('\\', text);
                default -> words('`', text);
            }
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.INVALID_ARGUMENT && e.kind() != ErrorKind.NOT_IMPLEMENTED) {
                throw new AssertionError("a refusal of the kind " + e.kind(), e);
            }
        }
    }

    private static void file(Dockerfile file) {
        for (int i = 0; i < file.stages().size(); i++) {
            if (file.stage(Integer.toString(i)).isEmpty()) {
                throw new AssertionError("no stage " + i);
            }
        }
    }

    private static void words(char escape, String text) {
        Words words = new Words(escape, name -> name.startsWith("a") ? name + " x" : null);
        words.expandText(text);
        words.expandAll(text);
        words.expand(text);
    }
}

package dev.forno.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** References, digests and platforms: what is accepted is written as it is read. */
public final class ReferenceFuzz {
    private ReferenceFuzz() {}

    /** The first byte says what the others are. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, UTF_8);
        try {
            switch (input[0] % 3) {
                case 0 -> reference(text);
                case 1 -> Refusal.check(Digest.parse(text).toString().equals(text), "a digest changed");
                default -> platform(Platform.parse(text));
            }
        } catch (FornoException e) {
            Refusal.expected(e);
        }
    }

    private static void reference(String text) {
        Reference reference = Reference.parse(text);
        Refusal.check(Reference.parse(reference.toString()).equals(reference), "not stable: " + reference);
        Refusal.check(Reference.parse(reference.familiar()).equals(reference), "not familiar: " + reference);
        Reference tagged = reference.withDefaultTag();
        Refusal.check(Reference.parse(tagged.toString()).equals(tagged), "not stable: " + tagged);
        Optional<String> tag = tagged.optionalTag();
        Refusal.check(tag.isPresent() || tagged.digest() != null, "no tag: " + tagged);
        for (String part : reference.repository().split("/", -1)) {
            Refusal.check(!part.isEmpty() && !part.equals("..") && !part.equals("."), "a path: " + reference);
        }
    }

    private static void platform(Platform platform) {
        Refusal.check(platform.accepts(platform), "accepts itself");
        Refusal.check(Platform.parse(platform.toString()).accepts(platform), "not stable: " + platform);
    }
}

package dev.forno.build.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@code NAME.Dockerfile} parses to {@code NAME.ast}; every file in {@code errors} fails with the text in its {@code
 * .error}. {@code -Dforno.golden=write} writes what is found, for a person to review.
 */
class GoldenDockerfileTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dockerfiles");

    static Stream<Path> files() throws IOException {
        return dockerfiles(GOLDEN);
    }

    static Stream<Path> malformed() throws IOException {
        return dockerfiles(GOLDEN.resolve("errors"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void parsesToTheGoldenTree(Path file) {
        assertGolden(file, ".ast", AstText.of(Dockerfile.parse(read(file))));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void failsWithTheGoldenText(Path file) {
        FornoException e = assertThrows(FornoException.class, () -> Dockerfile.parse(read(file)));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertGolden(file, ".error", e.getMessage() + "\n");
    }

    private static void assertGolden(Path file, String suffix, String actual) {
        Path golden = Path.of(file.toString().replace(".Dockerfile", suffix));
        if ("write".equals(System.getProperty("forno.golden"))) {
            try {
                Files.writeString(golden, actual);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertEquals(read(golden), actual, file.toString());
    }

    private static Stream<Path> dockerfiles(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(p -> p.toString().endsWith(".Dockerfile")).sorted().toList().stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

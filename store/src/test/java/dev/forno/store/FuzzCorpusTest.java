package dev.forno.store;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.store.archives.TarReaderFuzz;
import dev.forno.store.indexes.IndexFuzz;
import dev.forno.store.indexes.TreeFileFuzz;
import dev.forno.store.indexes.TwinsFuzz;
import dev.forno.store.layers.CompressionFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Replays what fuzzing found, and what it began from: every file below {@code fuzz}, on its target. */
class FuzzCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/fuzz");

    @TestFactory
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // only an input that never ends comes near it
    Stream<DynamicContainer> everyInput() {
        return Stream.of(
                target("TarReader", TarReaderFuzz::fuzzerTestOneInput),
                target("Compression", CompressionFuzz::fuzzerTestOneInput),
                target("Index", IndexFuzz::fuzzerTestOneInput),
                target("TreeFile", TreeFileFuzz::fuzzerTestOneInput),
                target("Twins", FuzzCorpusTest::twins));
    }

    private static void twins(byte[] input) {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        TwinsFuzz.fuzzerTestOneInput(input);
    }

    private static DynamicContainer target(String name, Consumer<byte[]> target) {
        try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
            List<Path> inputs = files.sorted().toList();
            assertTrue(inputs.size() > 3, "no corpus of " + name);
            return DynamicContainer.dynamicContainer(
                    name,
                    inputs.stream()
                            .map(file -> DynamicTest.dynamicTest(
                                    file.getFileName().toString(), () -> target.accept(Files.readAllBytes(file)))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

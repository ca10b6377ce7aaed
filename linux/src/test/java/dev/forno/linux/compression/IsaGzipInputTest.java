package dev.forno.linux.compression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Skipped where the library is not installed. */
class IsaGzipInputTest extends GzipInputContract {
    @BeforeEach
    void requireLibrary() {
        assumeTrue(IsaLibrary.found().library() != null, IsaLibrary.found().reason());
    }

    @Override
    Inflation inflation() {
        return new IsaInflation(
                java.util.Objects.requireNonNull(IsaLibrary.found().library()));
    }

    @Test
    void isTheOneInUse() {
        assertEquals("ISA-L", Gzip.description());
    }
}

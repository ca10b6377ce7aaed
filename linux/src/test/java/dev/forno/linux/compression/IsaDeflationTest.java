package dev.forno.linux.compression;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Skipped where the library is not installed. */
class IsaDeflationTest extends DeflationContract {
    @BeforeEach
    void requireLibrary() {
        assumeTrue(IsaLibrary.found().library() != null, IsaLibrary.found().reason());
    }

    @Override
    Deflation deflation() {
        return new IsaDeflation(Objects.requireNonNull(IsaLibrary.found().library()));
    }

    @Test
    void isTheOneInUse() {
        assertInstanceOf(IsaDeflation.class, Deflation.fastest());
    }
}

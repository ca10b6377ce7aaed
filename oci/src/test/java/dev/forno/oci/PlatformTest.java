package dev.forno.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "amd64, amd64",
        "amd64, amd64/v1",
        "amd64/v1, amd64",
        "amd64/v3, amd64",
        "amd64/v3, amd64/v2",
        "arm64, arm64/v8",
        "arm64/v8, arm64",
        "arm64/v8.2, arm64/v8.1",
        "arm64/v9, arm64/v8",
        "arm64/v9, arm64/v8.5",
        "arm64/v9.1, arm64/v8.6",
        "arm64/v10, arm64/v9",
        "arm, arm/v7",
        "arm, arm/v6",
        "arm/v7, arm",
        "ppc64le/power9, ppc64le/power9",
        "386, 386"
    })
    void acceptsItsVariantAndLowerOnes(String mine, String theirs) {
        assertTrue(Platform.parse("linux/" + mine).accepts(Platform.parse("linux/" + theirs)));
    }

    @ParameterizedTest
    @CsvSource({
        "amd64, amd64/v2",
        "amd64, amd64/v4",
        "amd64/v1, amd64/v2",
        "amd64/v3, amd64/v4",
        "amd64, amd64/new",
        "arm64, arm64/v8.1",
        "arm64, arm64/v9",
        "arm64/v8.9, arm64/v9",
        "arm64/v9, arm64/v8.6",
        "arm64/v9, arm64/v10",
        "arm, arm/v8",
        "arm/v6, arm",
        "riscv64, riscv64/rva23u64",
        "ppc64le/power9, ppc64le/power10",
        "amd64, 386"
    })
    void refusesHigherVariants(String mine, String theirs) {
        assertFalse(Platform.parse("linux/" + mine).accepts(Platform.parse("linux/" + theirs)));
    }

    @Test
    void takesAnEmptyVariantForNone() {
        assertTrue(Platform.of("linux", "amd64", "").accepts(Platform.of("linux", "amd64", "v1")));
        assertFalse(Platform.of("linux", "amd64", "").accepts(Platform.of("linux", "amd64", "v2")));
    }

    @Test
    void ordersVariants() {
        List<Platform> ordered = Stream.of("v10", "v9", "v8.10", "v8.9", "v8")
                .map(variant -> Platform.of("linux", "arm64", variant))
                .sorted(Platform.byVariant())
                .toList();
        assertEquals(
                List.of("v8", "v8.9", "v8.10", "v9", "v10"),
                ordered.stream().map(Platform::variant).toList());
    }
}

package dev.forno.e2e;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The same as {@link ImageTest}, command for command: images through {@code forno}. */
@DisabledIfEnvironmentVariable(
        named = "E2E_DOCKER_HOST",
        matches = ".+",
        disabledReason = "compares docker clients only")
class FornoImageTest extends ImageTest {
    @Override
    Docker client() {
        return super.client().forno();
    }
}

package dev.forno.e2e;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The same as {@link VolumeTest}, command for command: volumes through {@code forno}. */
@DisabledIfEnvironmentVariable(
        named = "E2E_DOCKER_HOST",
        matches = ".+",
        disabledReason = "compares docker clients only")
class FornoVolumeTest extends VolumeTest {
    @Override
    Docker client() {
        return super.client().forno();
    }
}

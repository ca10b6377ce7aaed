package dev.forno.e2e;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The same as {@link NetworkTest}, command for command: networks through {@code forno}. */
@DisabledIfEnvironmentVariable(
        named = "E2E_DOCKER_HOST",
        matches = ".+",
        disabledReason = "compares docker clients only")
class FornoNetworkTest extends NetworkTest {
    @Override
    Docker client() {
        return super.client().forno();
    }
}

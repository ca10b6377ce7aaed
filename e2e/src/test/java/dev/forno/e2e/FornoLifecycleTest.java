package dev.forno.e2e;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The same as {@link LifecycleTest}, command for command: a container's life through {@code forno}. */
@DisabledIfEnvironmentVariable(
        named = "E2E_DOCKER_HOST",
        matches = ".+",
        disabledReason = "compares docker clients only")
class FornoLifecycleTest extends LifecycleTest {
    @Override
    Docker client() {
        return super.client().forno();
    }
}

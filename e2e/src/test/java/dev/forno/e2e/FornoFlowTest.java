package dev.forno.e2e;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The same as {@link FlowTest}, command for command: the day's work through {@code forno}. */
@DisabledIfEnvironmentVariable(
        named = "E2E_DOCKER_HOST",
        matches = ".+",
        disabledReason = "compares docker clients only")
class FornoFlowTest extends FlowTest {
    @Override
    Docker client() {
        return super.client().forno();
    }
}

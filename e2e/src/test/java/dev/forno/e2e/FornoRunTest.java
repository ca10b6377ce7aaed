package dev.forno.e2e;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The same as {@link RunTest}, command for command: {@code forno run} and its flags. */
@DisabledIfEnvironmentVariable(
        named = "E2E_DOCKER_HOST",
        matches = ".+",
        disabledReason = "compares docker clients only")
class FornoRunTest extends RunTest {
    @Override
    Docker client() {
        return super.client().forno();
    }
}

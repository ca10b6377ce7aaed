package dev.forno.e2e;

import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The same as {@link BuildTest}, command for command: {@code forno build}. */
@DisabledIfEnvironmentVariable(
        named = "E2E_DOCKER_HOST",
        matches = ".+",
        disabledReason = "compares docker clients only")
class FornoBuildTest extends BuildTest {
    @Override
    Docker client() {
        return super.client().forno();
    }
}

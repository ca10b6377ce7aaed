package dev.forno.e2e;

import org.jspecify.annotations.Nullable;

/** The engine under test: a Forno of its own, or the engine that {@code E2E_DOCKER_HOST} names. */
sealed interface Target permits Engine, Target.Foreign {

    /** The CLI pointed at the engine. */
    Docker docker();

    /** Fails when the machine holds more of the engine's mounts, namespaces, links, processes or cgroups than before. */
    void assertNothingLeft();

    /** Whether the engine is Forno, for tests of what Docker words differently (see docs/compatibility.md). */
    boolean isForno();

    /** The engine that all test classes share; it is started on first use and stopped when the JVM ends. */
    static Target shared() {
        return Shared.INSTANCE;
    }

    /** Holds the shared engine. */
    final class Shared {
        private static final Target INSTANCE = open(System.getenv("E2E_DOCKER_HOST"));

        private Shared() {}

        private static Target open(@Nullable String host) {
            if (host != null && !host.isEmpty()) {
                return new Foreign(Docker.at(host));
            }
            Engine engine = Engine.start();
            Runtime.getRuntime().addShutdownHook(new Thread(engine::close));
            return engine;
        }
    }

    /** An engine that is not ours: nothing is known of its insides. */
    record Foreign(Docker docker) implements Target {
        @Override
        public void assertNothingLeft() {}

        @Override
        public boolean isForno() {
            return false;
        }
    }
}

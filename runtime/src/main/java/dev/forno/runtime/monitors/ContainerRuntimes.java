package dev.forno.runtime.monitors;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.bundles.HostFacts;
import dev.forno.runtime.tasks.ContainerRuntime;
import dev.forno.runtime.tasks.RuntimeConfig;
import dev.forno.runtime.tasks.RuntimeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

/** Opens the {@link ContainerRuntime}. */
public final class ContainerRuntimes {
    private ContainerRuntimes() {}

    /**
     * Looks for the OCI runtime and the monitor and makes the run directory.
     *
     * @throws FornoException {@link ErrorKind#UNAVAILABLE} when a program is missing or doesn't run; the message names the
     *     remedy
     */
    public static ContainerRuntime open(RuntimeConfig config) {
        RuntimeFacts facts = RuntimeProbe.probe(config.runtime(), config.monitor());
        try {
            Files.createDirectories(config.runDirectory());
            // bundles hold the containers' environment, which may be secret
            Files.setPosixFilePermissions(config.runDirectory(), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.INTERNAL, "make directory " + config.runDirectory() + ": " + e.getMessage(), e);
        }
        return new MonitoredRuntime(
                config, facts, HostFacts.read(RuntimeProbe.knowsRecursiveReadOnly(facts.name(), facts.version())));
    }
}

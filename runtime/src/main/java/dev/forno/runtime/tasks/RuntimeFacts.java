package dev.forno.runtime.tasks;

import java.nio.file.Path;
import java.util.List;

/**
 * What was found on the machine.
 *
 * @param name the OCI runtime's name: {@code crun}, {@code runc} or the override's file name
 * @param path the OCI runtime's program
 * @param version its version
 * @param reason why this one was chosen
 * @param monitor the monitor's program
 * @param monitorVersion its version
 * @param cgroupVersion 1 or 2 (a hybrid machine is 1)
 * @param seccomp whether the kernel can filter system calls
 * @param warnings what the machine lacks, in words for the user
 */
public record RuntimeFacts(
        String name,
        Path path,
        String version,
        String reason,
        Path monitor,
        String monitorVersion,
        int cgroupVersion,
        boolean seccomp,
        List<String> warnings) {}

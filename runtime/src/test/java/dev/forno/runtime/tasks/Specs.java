package dev.forno.runtime.tasks;

import java.util.List;

/** Specs that differ from others in one thing. */
public final class Specs {
    private Specs() {}

    /** The same task with other mounts. */
    public static TaskSpec withMounts(TaskSpec task, List<MountSpec> mounts) {
        return of(task, mounts, task.confinement(), task.logging());
    }

    /** The same task with another confinement. */
    public static TaskSpec withConfinement(TaskSpec task, Confinement confinement) {
        return of(task, task.mounts(), confinement, task.logging());
    }

    /** The same task with another log. */
    public static TaskSpec withLogging(TaskSpec task, Logging logging) {
        return of(task, task.mounts(), task.confinement(), logging);
    }

    /** The same process with input; {@code once} is {@link ProcessSpec#stdinOnce}. */
    public static ProcessSpec withStdin(ProcessSpec process, boolean once) {
        return of(process, process.terminal(), process.terminalRows(), process.terminalColumns(), true, once);
    }

    /** The same process on a terminal. */
    public static ProcessSpec withTerminal(ProcessSpec process, int rows, int columns) {
        return of(process, true, rows, columns, process.openStdin(), process.stdinOnce());
    }

    private static TaskSpec of(TaskSpec task, List<MountSpec> mounts, Confinement confinement, Logging logging) {
        return new TaskSpec(
                task.id(),
                task.rootfs(),
                task.readOnlyRootfs(),
                task.process(),
                task.hostname(),
                task.domainname(),
                mounts,
                task.devices(),
                task.deviceRules(),
                task.namespaces(),
                task.resources(),
                confinement,
                task.sysctls(),
                task.shmSize(),
                task.init(),
                logging,
                task.cgroupParent(),
                task.annotations());
    }

    private static ProcessSpec of(
            ProcessSpec process, boolean terminal, int rows, int columns, boolean openStdin, boolean stdinOnce) {
        return new ProcessSpec(
                process.args(),
                process.env(),
                process.cwd(),
                process.user(),
                process.additionalGroups(),
                terminal,
                rows,
                columns,
                openStdin,
                stdinOnce,
                process.rlimits(),
                process.oomScoreAdjust());
    }
}

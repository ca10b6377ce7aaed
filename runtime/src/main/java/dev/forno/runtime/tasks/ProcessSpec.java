package dev.forno.runtime.tasks;

import java.util.List;

/**
 * A container's first process.
 *
 * @param args the command with its arguments, not empty
 * @param env {@code NAME=value}; the runtime adds PATH, HOME, HOSTNAME and (with a terminal) TERM where they are missing
 * @param cwd the working directory in the container, created when missing
 * @param user {@code name|uid[:group|gid]}, looked up in the container's files; empty is root
 * @param additionalGroups further groups by name or gid
 * @param terminal whether stdio is a terminal
 * @param terminalRows its height at the start; 0 leaves it unset
 * @param terminalColumns its width at the start; 0 leaves it unset
 * @param openStdin whether there is an input at all; else it is /dev/null
 * @param stdinOnce whether the end of an attachment's input is the end of the process' input
 * @param rlimits limits of the process
 * @param oomScoreAdjust the kernel's inclination to kill it, -1000 to 1000
 */
public record ProcessSpec(
        List<String> args,
        List<String> env,
        String cwd,
        String user,
        List<String> additionalGroups,
        boolean terminal,
        int terminalRows,
        int terminalColumns,
        boolean openStdin,
        boolean stdinOnce,
        List<Rlimit> rlimits,
        int oomScoreAdjust) {

    /** A process without terminal and input, as build steps are. */
    public static ProcessSpec of(List<String> args, List<String> env, String cwd, String user) {
        return new ProcessSpec(args, env, cwd, user, List.of(), false, 0, 0, false, false, List.of(), 0);
    }

    /**
     * A process limit.
     *
     * @param name in lower case without prefix, as {@code nofile}
     * @param soft the soft limit, -1 for unlimited
     * @param hard the hard limit, -1 for unlimited
     */
    public record Rlimit(String name, long soft, long hard) {}
}

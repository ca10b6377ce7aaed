package dev.forno.runtime.tasks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One more process in a container. Its environment, user and directory default to the first process' ones.
 *
 * @param id unique among the container's execs, safe as a file name
 * @param args the command with its arguments, not empty
 * @param env {@code NAME=value}, added to the first process' environment
 * @param cwd the working directory, or null for the first process' one
 * @param user as in {@link ProcessSpec#user}; null for the first process' one
 * @param terminal whether stdio is a terminal
 * @param terminalRows its height at the start; 0 leaves it unset
 * @param terminalColumns its width at the start; 0 leaves it unset
 * @param openStdin whether there is an input
 * @param privileged whether it gets all capabilities and no seccomp filter
 */
public record ExecSpec(
        String id,
        List<String> args,
        List<String> env,
        @Nullable String cwd,
        @Nullable String user,
        boolean terminal,
        int terminalRows,
        int terminalColumns,
        boolean openStdin,
        boolean privileged) {}

package dev.forno.engine.containers;

import dev.forno.engine.containers.Attachment.AttachOptions;
import dev.forno.oci.ErrorKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Further processes in running containers. Thread-safe. Records of ended ones are kept while their container exists. */
public interface Execs {
    /** Records a process to start; throws {@link ErrorKind#CONFLICT} when the container does not run or is paused. */
    String create(String containerRef, ExecRequest request);

    /**
     * Starts it, attached to what its request asked for. Throws {@link ErrorKind#NOT_FOUND} for an unknown id,
     * {@link ErrorKind#CONFLICT} when it was started before, {@link ErrorKind#INVALID_ARGUMENT} when the command can't be
     * executed (the exit code is then 126 or 127).
     */
    Attachment start(String execId, ExecStart start);

    /** Starts it with nothing attached; errors as {@link #start}. */
    void startDetached(String execId, ExecStart start);

    /** The process as it is now. */
    Exec get(String execId);

    /** Sets its terminal's size. */
    void resize(String execId, int rows, int columns);

    /**
     * A process to make.
     *
     * @param env added to the container's
     * @param user empty for the container's
     * @param workingDir empty for the container's
     * @param stdio which streams to attach at start
     */
    record ExecRequest(
            List<String> cmd,
            List<String> env,
            String user,
            String workingDir,
            boolean tty,
            boolean privileged,
            AttachOptions stdio) {}

    /** What the start call says: the terminal's size, or null. */
    record ExecStart(@Nullable List<Integer> consoleSize) {}

    /**
     * One process.
     *
     * @param pid as the host sees it, 0 when it does not run
     * @param exitCode null until it ended
     */
    record Exec(
            String id,
            String containerId,
            ExecRequest request,
            boolean running,
            int pid,
            @Nullable Integer exitCode) {}
}

package dev.forno.runtime.tasks;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Runs containers' processes through an OCI runtime and a monitor process per container. Thread-safe. Tasks outlive this
 * object and the engine: {@link #adopt} finds them again.
 */
public interface ContainerRuntime extends AutoCloseable {
    /** What was found on the machine: the OCI runtime with the reason of its choice, the monitor, the cgroup version. */
    RuntimeFacts facts();

    /**
     * What of a process' limits this machine can't give, in words for the user; a task of it gets less and says the same
     * in {@link Task#warnings}.
     *
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} when a limit has no known name
     */
    List<String> degraded(ProcessSpec process);

    /**
     * Sets up a task up to the point where its process waits to be started; {@link Task#start} lets it run. On failure
     * nothing is left behind.
     *
     * @throws FornoException with Docker's text: {@link ErrorKind#INVALID_ARGUMENT} when the command can't be run
     *     ({@link StartFailure} tells the exit code), {@link ErrorKind#ALREADY_EXISTS} when the id is in use,
     *     {@link ErrorKind#INTERNAL} for everything else
     */
    Task create(TaskSpec spec);

    /**
     * The task of that id when one was created, by this engine or an earlier one, and not deleted: also one that has
     * ended meanwhile (its exit status is then available). What a half-made creation left is removed and gives empty.
     */
    Optional<Task> adopt(String id);

    /** The ids for which state exists, whole or half-made; recovery adopts or removes each. */
    List<String> ids();

    /** Stops watching; tasks go on running. */
    @Override
    void close();

    /**
     * Runs a task to its end and deletes it: for build steps. Interrupting the calling thread kills and deletes the task.
     *
     * @param output takes each chunk as it comes, on the calling thread
     * @throws InterruptedException when interrupted; the task is gone then
     */
    default ExitStatus run(TaskSpec spec, Consumer<Chunk> output) throws InterruptedException {
        Task task = create(spec);
        try (Attachment attachment = task.attach(false)) {
            task.start();
            for (Optional<Chunk> chunk = attachment.read(); chunk.isPresent(); chunk = attachment.read()) {
                output.accept(chunk.get());
            }
            return task.exited().toCompletableFuture().get();
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException("run task " + spec.id()).initCause(e);
        } catch (IOException | ExecutionException e) {
            throw new FornoException(ErrorKind.INTERNAL, "run task " + spec.id() + ": " + e.getMessage(), e);
        } finally {
            task.delete();
        }
    }
}

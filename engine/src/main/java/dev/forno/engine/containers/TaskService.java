package dev.forno.engine.containers;

import dev.forno.engine.containers.Containers.RemoveOptions;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Task;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Containers as processes. */
final class TaskService implements Tasks {
    private static final int DEFAULT_STOP_SECONDS = 10;
    private static final int KILL_SECONDS = 30;

    private final ContainerRecords records;
    private final ContainerStart starts;
    private final ContainerRemoval removal;
    private final ContainerEvents events;

    TaskService(Parts parts, ContainerStart starts, ContainerRemoval removal) {
        this.records = parts.records();
        this.starts = starts;
        this.removal = removal;
        this.events = new ContainerEvents(parts.events());
    }

    @Override
    public void start(String ref) {
        ContainerEntry entry = records.find(ref);
        entry.locked(() -> {
            requirePresent(entry, ref);
            boolean first = entry.state().startedAt() == null;
            try {
                starts.start(entry);
            } catch (FornoException e) {
                boolean failed = e.kind() != ErrorKind.NOT_MODIFIED && e.kind() != ErrorKind.CONFLICT;
                if (failed && first && entry.value().host().autoRemove()) {
                    removal.remove(entry, new RemoveOptions(false, true));
                }
                throw e;
            }
        });
    }

    @Override
    public void stop(String ref, StopOptions options) {
        ContainerEntry entry = records.find(ref);
        String name = options.signal();
        int signal = UserSignals.stop(name == null ? entry.value().config().stopSignal() : name);
        int seconds = seconds(entry.value(), options);
        CompletableFuture<Exit> exit = entry.lockedGet(() -> {
            if (!entry.state().status().hasTask()) {
                throw new FornoException(
                        ErrorKind.NOT_MODIFIED,
                        "stop container " + entry.value().name() + ": it does not run");
            }
            CompletableFuture<Exit> next = entry.waiters.nextExit();
            signal(entry, signal);
            return next;
        });
        if (!within(exit, seconds)) {
            killAndWait(entry, exit);
        }
        events.publish(entry.value(), "stop");
    }

    private static int seconds(Container c, StopOptions options) {
        Integer asked = options.timeoutSeconds() == null ? c.config().stopTimeout() : options.timeoutSeconds();
        return asked == null ? DEFAULT_STOP_SECONDS : asked;
    }

    /** Kills it when it runs and waits for the end of the teardown. */
    void killNow(ContainerEntry entry) {
        CompletableFuture<Exit> exit = entry.lockedGet(() -> {
            if (!entry.state().status().hasTask()) {
                return CompletableFuture.completedFuture(new Exit(0, ""));
            }
            return entry.waiters.nextExit();
        });
        killAndWait(entry, exit);
    }

    private void killAndWait(ContainerEntry entry, CompletableFuture<Exit> exit) {
        entry.locked(() -> {
            if (!exit.isDone() && entry.state().status().hasTask()) {
                signal(entry, UserSignals.KILL);
            }
        });
        awaitKilled(entry, exit);
    }

    private static void awaitKilled(ContainerEntry entry, CompletableFuture<Exit> exit) {
        if (!within(exit, KILL_SECONDS)) {
            throw new FornoException(
                    ErrorKind.INTERNAL,
                    "stop container " + entry.value().name() + ": its process did not end within " + KILL_SECONDS
                            + " s after SIGKILL");
        }
    }

    /** Sends a signal; frozen processes are thawed, else they could not take it. The caller holds the lock. */
    private void signal(ContainerEntry entry, int signal) {
        Task task = task(entry);
        try {
            task.kill(signal);
        } catch (FornoException e) {
            if (e.kind() != ErrorKind.FAILED_PRECONDITION) {
                throw e;
            } // it ended just now
        }
        events.publish(entry.value(), "kill", Map.of("signal", Integer.toString(signal)));
        if (entry.state().status() == ContainerStatus.PAUSED) {
            resume(entry, task);
        }
    }

    private static boolean within(CompletableFuture<Exit> exit, int seconds) {
        try {
            if (seconds < 0) {
                exit.get();
            } else {
                exit.get(seconds, TimeUnit.SECONDS);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "wait for container: interrupted", e);
        } catch (ExecutionException e) {
            throw new FornoException(ErrorKind.INTERNAL, "wait for container: " + e.getMessage(), e);
        }
    }

    @Override
    public void restart(String ref, StopOptions options) {
        ContainerEntry entry = records.find(ref);
        entry.restarts.incrementAndGet();
        try {
            if (entry.value().state().status().hasTask()) {
                try {
                    stop(entry.id(), options);
                } catch (FornoException e) {
                    if (e.kind() != ErrorKind.NOT_MODIFIED) {
                        throw e;
                    } // it ended just now
                }
            }
            start(entry.id());
        } finally {
            entry.restarts.decrementAndGet();
        }
        events.publish(entry.value(), "restart");
    }

    @Override
    public void kill(String ref, @Nullable String signal) {
        ContainerEntry entry = records.find(ref);
        int number = signal == null || signal.isEmpty() ? UserSignals.KILL : UserSignals.parse(signal);
        CompletableFuture<Exit> exit = entry.lockedGet(() -> {
            if (!entry.state().status().hasTask()) {
                throw new FornoException(
                        ErrorKind.CONFLICT,
                        "cannot kill container: " + ref + ": container " + entry.id() + " is not running");
            }
            CompletableFuture<Exit> next = entry.waiters.nextExit();
            signal(entry, number);
            return next;
        });
        if (number == UserSignals.KILL) {
            awaitKilled(entry, exit);
        }
    }

    @Override
    public void pause(String ref) {
        ContainerEntry entry = records.find(ref);
        entry.locked(() -> {
            if (entry.state().status() == ContainerStatus.PAUSED) {
                throw new FornoException(ErrorKind.CONFLICT, "container " + entry.id() + " is already paused");
            }
            Task task = running(entry);
            task.pause();
            become(entry, ContainerStatus.PAUSED);
            events.publish(entry.value(), "pause");
        });
    }

    @Override
    public void unpause(String ref) {
        ContainerEntry entry = records.find(ref);
        entry.locked(() -> {
            if (entry.state().status() != ContainerStatus.PAUSED) {
                throw new FornoException(ErrorKind.CONFLICT, "Container " + entry.id() + " is not paused");
            }
            resume(entry, task(entry));
        });
    }

    private void resume(ContainerEntry entry, Task task) {
        task.resume();
        become(entry, ContainerStatus.RUNNING);
        events.publish(entry.value(), "unpause");
    }

    private void become(ContainerEntry entry, ContainerStatus status) {
        records.save(entry, ContainerChanges.in(entry.value(), ContainerChanges.with(entry.state(), status)));
    }

    @Override
    public CompletableFuture<Exit> await(String ref, WaitCondition condition) {
        ContainerEntry entry = records.find(ref);
        return entry.lockedGet(() -> {
            Exit last = new Exit(entry.state().exitCode(), "");
            if (!records.holds(entry)) {
                return CompletableFuture.completedFuture(last);
            }
            return switch (condition) {
                case NOT_RUNNING ->
                    entry.state().status().hasTask()
                            ? entry.waiters.nextExit()
                            : CompletableFuture.completedFuture(last);
                case NEXT_EXIT -> entry.waiters.nextExit();
                case REMOVED -> entry.waiters.removal();
            };
        });
    }

    private void requirePresent(ContainerEntry entry, String ref) {
        if (!records.holds(entry)) {
            throw new FornoException(ErrorKind.NOT_FOUND, "No such container: " + ref);
        }
    }

    /** The task of a running container; throws {@link ErrorKind#CONFLICT} with Docker's text. */
    static Task running(ContainerEntry entry) {
        if (entry.state().status() != ContainerStatus.RUNNING) {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "container " + entry.id() + " is "
                            + (entry.state().status() == ContainerStatus.PAUSED ? "paused" : "not running"));
        }
        return task(entry);
    }

    private static Task task(ContainerEntry entry) {
        Task task = entry.task();
        if (task == null) {
            throw new FornoException(ErrorKind.CONFLICT, "container " + entry.id() + " is not running");
        }
        return task;
    }
}

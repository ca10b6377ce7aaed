package dev.forno.runtime.monitors;

import dev.forno.oci.JsonBinding;
import dev.forno.oci.RuntimeSpec;
import dev.forno.runtime.tasks.Logging;
import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the next engine must know to adopt a task; kept in the task's directory from the moment its process waits to be
 * started. A directory without it is a creation that was cut off.
 *
 * @param cgroup as {@code /forno/id}
 * @param rootfs the root directory, for looking up users of later execs
 * @param log the log file, or null
 */
@Json
public record TaskRecord(
        String id,
        String runtimeName,
        String runtimeProgram,
        int pid,
        long pidStartTime,
        int monitorPid,
        long monitorStartTime,
        boolean terminal,
        boolean openStdin,
        boolean stdinOnce,
        String cgroup,
        String rootfs,
        @Nullable String log,
        long logMaxBytes,
        int logMaxFiles,
        List<String> warnings) {
    private static final String FILE = "task.json";
    private static final JsonType<TaskRecord> JSON = JsonBinding.of(TaskRecord.class);
    static final JsonType<RuntimeSpec> CONFIG = JsonBinding.of(RuntimeSpec.class);
    static final JsonType<RuntimeSpec.ProcessConfig> PROCESS = JsonBinding.of(RuntimeSpec.ProcessConfig.class);
    static final JsonType<RuntimeSpec.Resources> RESOURCES = JsonBinding.of(RuntimeSpec.Resources.class);

    void write(Path directory) throws IOException {
        Path draft = directory.resolve(FILE + ".new");
        Files.write(draft, JSON.toJsonBytes(this));
        Files.move(draft, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    static TaskRecord read(Path directory) throws IOException {
        try {
            return Objects.requireNonNull(JSON.fromJson(Files.readAllBytes(directory.resolve(FILE))));
        } catch (RuntimeException e) {
            throw new IOException("read " + directory.resolve(FILE) + ": " + e.getMessage(), e);
        }
    }

    /** The log to rotate, or none. */
    Logging logging() {
        return log == null ? Logging.NONE : new Logging.File(Path.of(log), logMaxBytes, logMaxFiles);
    }
}

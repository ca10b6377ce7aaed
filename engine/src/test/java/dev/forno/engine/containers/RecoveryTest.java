package dev.forno.engine.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.containers.Tasks.WaitCondition;
import dev.forno.runtime.tasks.TaskState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
    @TempDir
    Path directory;

    Fixture engine;

    @BeforeEach
    void open() {
        engine = new Fixture(directory);
    }

    private ContainerState state(String id) {
        return engine.containers.get(id).state();
    }

    @Test
    void whatRunsIsAdoptedWithItsEndpointAndWatched() {
        String id = engine.create("web");
        engine.tasks.start(id);
        engine.restart();
        assertEquals(ContainerStatus.RUNNING, state(id).status());
        assertEquals(1, engine.networks.recovered.size());
        assertEquals(engine.networks.endpoints.get(id), engine.networks.recovered.getFirst());
        var exit = engine.tasks.await(id, WaitCondition.NEXT_EXIT);
        engine.task(id).end(4);
        assertEquals(4, exit.join().code());
    }

    @Test
    void whatEndedMeanwhileHasItsExitCode() {
        String id = engine.create("web");
        engine.tasks.start(id);
        var task = engine.task(id);
        task.state = TaskState.STOPPED;
        // the end is only seen by the next engine
        engine.runtime.tasks.put(id, ended(task));
        engine.restart();
        assertEquals(ContainerStatus.EXITED, state(id).status());
        assertEquals(9, state(id).exitCode());
        assertTrue(engine.runtime.tasks.isEmpty());
        assertTrue(engine.networks.recovered.isEmpty());
        assertFalse(engine.snapshotter.isMounted(id));
    }

    private FakeRuntime.FakeTask ended(FakeRuntime.FakeTask old) {
        FakeRuntime.FakeTask task = engine.runtime.new FakeTask(old.id());
        task.end(9);
        return task;
    }

    @Test
    void aTaskThatIsGoneEndsWithAnUnknownCode() {
        String id = engine.create("web");
        engine.tasks.start(id);
        engine.runtime.tasks.clear();
        engine.restart();
        assertEquals(ContainerStatus.EXITED, state(id).status());
        assertEquals(255, state(id).exitCode());
    }

    @Test
    void aHalfMadeStartIsUndone() {
        String id = engine.create("web");
        engine.tasks.start(id);
        engine.task(id).state = TaskState.CREATED;
        engine.restart();
        assertEquals(ContainerStatus.CREATED, state(id).status());
        assertTrue(engine.runtime.tasks.isEmpty());
    }

    @Test
    void tasksSnapshotsAndDirectoriesWithoutRecordAreRemovedButNotThoseOfOthers() throws Exception {
        String id = "a".repeat(64);
        engine.runtime.tasks.put(id, engine.runtime.new FakeTask(id));
        engine.snapshotter.prepare(id, List.of());
        engine.snapshotter.prepare("build-1", List.of());
        Files.createDirectories(directory.resolve("containers").resolve(id));
        Files.createDirectories(directory.resolve("volumes").resolve(id));
        engine.restart();
        assertTrue(engine.runtime.tasks.isEmpty());
        assertEquals(List.of("build-1"), List.copyOf(engine.snapshotter.snapshots.keySet()));
        assertFalse(Files.exists(directory.resolve("containers").resolve(id)));
        assertFalse(Files.exists(directory.resolve("volumes").resolve(id)));
    }

    @Test
    void whatRemovesItselfIsRemovedWhenItEndedMeanwhile() {
        String id = engine.create("web", LifecycleTest.autoRemove());
        engine.tasks.start(id);
        engine.runtime.tasks.put(id, ended(engine.task(id)));
        engine.restart();
        assertTrue(engine.containers.list(Containers.ContainerQuery.ALL).isEmpty());
        assertTrue(engine.snapshotter.snapshots.isEmpty());
    }
}

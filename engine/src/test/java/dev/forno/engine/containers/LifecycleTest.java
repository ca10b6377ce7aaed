package dev.forno.engine.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.Filters;
import dev.forno.engine.containers.Containers.RemoveOptions;
import dev.forno.engine.containers.Tasks.Exit;
import dev.forno.engine.containers.Tasks.StopOptions;
import dev.forno.engine.containers.Tasks.WaitCondition;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {
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

    private FornoException fails(Runnable work) {
        return assertThrows(FornoException.class, work::run);
    }

    @Test
    void aCreatedContainerHasTheImagesValuesAndAnAnonymousVolume() {
        Container c = engine.containers.get(engine.create("web"));
        assertEquals(List.of("A=1", "B=2"), c.config().env());
        assertEquals("sh", c.path());
        assertEquals("/work", c.config().workingDir());
        assertEquals(c.id().substring(0, 12), c.config().hostname());
        assertEquals(ContainerStatus.CREATED, c.state().status());
        MountPoint volume = c.mounts().getFirst();
        assertEquals("/data", volume.destination());
        assertTrue(volume.anonymous());
        assertTrue(Files.isDirectory(Path.of(volume.source())));
        assertEquals(List.of(c.id()), engine.records.usersOfVolume(volume.name()));
    }

    @Test
    void onlyTheEnginesOwnRuntimeIsTaken() {
        for (String name : List.of("", "default", "fake")) {
            String id = engine.create("", HostOptions.DEFAULTS.withRuntime(name));
            assertEquals("fake", engine.containers.get(id).host().runtime());
        }
        FornoException e = fails(() -> engine.create("web", HostOptions.DEFAULTS.withRuntime("kata")));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertEquals("unknown or invalid runtime name: kata (this engine runs containers with fake)", e.getMessage());
        engine.create("web"); // the name was not kept
    }

    @Test
    void limitsThatTheMachineCannotGiveAreToldAtCreation() {
        ContainerConfig config = ContainerConfig.of("app");
        HostOptions host = HostOptions.DEFAULTS.withResources(new Resources(
                0,
                0,
                0,
                0,
                null,
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "",
                "",
                null,
                0,
                0,
                "",
                List.of(),
                List.of(),
                0,
                List.of(new Resources.Ulimit("nofile", 9, 9))));
        assertEquals(
                List.of("nofile was lowered"),
                engine.containers
                        .create(new CreateRequest("web", config, host, null, Map.of()))
                        .warnings());
    }

    @Test
    void aMissingContainerInAnOptionIsNoMissingImage() {
        HostOptions d = HostOptions.DEFAULTS;
        HostOptions.NetworkOptions n = d.network();
        FornoException e = fails(() -> engine.create(
                "web",
                d.withNetwork(new HostOptions.NetworkOptions(
                        "container:nope",
                        n.portBindings(),
                        n.publishAll(),
                        n.dns(),
                        n.dnsOptions(),
                        n.dnsSearch(),
                        n.extraHosts(),
                        n.links()))));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertEquals("No such container: nope", e.getMessage());
    }

    @Test
    void aNameIsTakenOnce() {
        String first = engine.create("web");
        FornoException e = fails(() -> engine.create("/web"));
        assertEquals(ErrorKind.CONFLICT, e.kind());
        assertEquals(
                "Conflict. The container name \"/web\" is already in use by container \"" + first
                        + "\". You have to remove (or rename) that container to be able to reuse that name.",
                e.getMessage());
        engine.containers.rename("web", "old");
        engine.create("web");
        assertEquals(first, engine.containers.get("old").id());
    }

    @Test
    void aFailedCreationLeavesNothing() {
        engine.database.changesLeft = 0;
        assertThrows(IllegalStateException.class, () -> engine.create("web"));
        engine.database.changesLeft = Integer.MAX_VALUE;
        assertTrue(engine.snapshotter.snapshots.isEmpty());
        assertTrue(directory.resolve("containers").toFile().list().length == 0);
        assertTrue(directory.resolve("volumes").toFile().list().length == 0);
        engine.create("web");
    }

    @Test
    void startRunsItAndExitTakesEverythingDown() {
        String id = engine.create("web");
        engine.tasks.start("web");
        assertEquals(ContainerStatus.RUNNING, state(id).status());
        assertEquals(4711, state(id).pid());
        assertTrue(engine.networks.endpoints.containsKey(id));
        assertTrue(engine.snapshotter.isMounted(id));
        assertEquals(
                ErrorKind.NOT_MODIFIED, fails(() -> engine.tasks.start("web")).kind());

        CompletableFuture<Exit> exit = engine.tasks.await("web", WaitCondition.NOT_RUNNING);
        engine.task(id).end(3);
        assertEquals(3, exit.join().code());
        assertEquals(ContainerStatus.EXITED, state(id).status());
        assertEquals(3, state(id).exitCode());
        assertFalse(engine.networks.endpoints.containsKey(id));
        assertFalse(engine.snapshotter.isMounted(id));
        assertTrue(engine.runtime.tasks.isEmpty());
    }

    @Test
    void aCommandThatCanNotRunLeavesItCreatedWithTheError() {
        String id = engine.create("web");
        engine.runtime.startFailure = new FornoException(ErrorKind.INVALID_ARGUMENT, "exec: \"nope\": not found");
        assertEquals(
                "exec: \"nope\": not found", fails(() -> engine.tasks.start(id)).getMessage());
        assertEquals(ContainerStatus.CREATED, state(id).status());
        assertEquals(128, state(id).exitCode());
        assertEquals("exec: \"nope\": not found", state(id).error());
        assertTrue(engine.networks.endpoints.isEmpty());
        assertTrue(engine.runtime.tasks.isEmpty());
        assertFalse(engine.snapshotter.isMounted(id));
    }

    @Test
    void stopSendsTheImagesSignalAndKillsWhatIgnoresIt() {
        engine.runtime.ignored = List.of(2);
        String id = engine.create("web");
        engine.tasks.start(id);
        FakeRuntime.FakeTask task = engine.task(id);
        engine.tasks.stop(id, new StopOptions(null, 0));
        assertEquals(List.of(2, 9), task.signals);
        assertEquals(137, state(id).exitCode());
        assertEquals(
                ErrorKind.NOT_MODIFIED,
                fails(() -> engine.tasks.stop(id, StopOptions.DEFAULTS)).kind());
    }

    @Test
    void aRunningContainerIsRemovedOnlyByForce() {
        String id = engine.create("web");
        engine.tasks.start(id);
        FornoException e = fails(() -> engine.containers.remove("web", new RemoveOptions(false, false)));
        assertEquals(ErrorKind.CONFLICT, e.kind());
        assertEquals(
                "You cannot remove a running container " + id
                        + ". Stop the container before attempting removal or force remove",
                e.getMessage());
        CompletableFuture<Exit> removed = engine.tasks.await(id, WaitCondition.REMOVED);
        engine.containers.remove("web", new RemoveOptions(true, true));
        assertEquals(137, removed.join().code());
        assertEquals(
                "No such container: web",
                fails(() -> engine.containers.get("web")).getMessage());
        assertTrue(engine.snapshotter.snapshots.isEmpty());
        assertTrue(engine.volumes.list(Filters.NONE).isEmpty());
        assertTrue(directory.resolve("containers").toFile().list().length == 0);
    }

    @Test
    void removalKeepsVolumesUnlessAsked() {
        String id = engine.create("web");
        engine.containers.remove(id, new RemoveOptions(false, false));
        assertEquals(1, engine.volumes.list(Filters.NONE).size());
    }

    @Test
    void autoRemoveRemovesItAtTheEnd() {
        HostOptions rm = autoRemove();
        String id = engine.create("web", rm);
        engine.tasks.start(id);
        CompletableFuture<Exit> removed = engine.tasks.await(id, WaitCondition.REMOVED);
        engine.task(id).end(5);
        assertEquals(5, removed.join().code());
        assertTrue(engine.containers.list(Containers.ContainerQuery.ALL).isEmpty());
    }

    @Test
    @Timeout(30)
    void aRestartGoesOnWhenAnotherOneFailsMeanwhile() throws Exception {
        engine.runtime.ignored = List.of(15);
        String id = engine.create("web", autoRemove());
        engine.tasks.start(id);
        ContainerEntry entry = engine.records.find(id);
        FakeRuntime.FakeTask task = engine.task(id);
        CompletableFuture<Void> restart =
                CompletableFuture.runAsync(() -> engine.tasks.restart(id, new StopOptions("TERM", -1)));
        while (entry.lockedGet(task.signals::isEmpty) && !restart.isDone()) {
            Thread.onSpinWait(); // until it waits for the end
        }
        fails(() -> engine.tasks.restart(id, new StopOptions("nonsense", -1)));
        task.end(0);
        restart.get(20, TimeUnit.SECONDS);
        assertEquals(ContainerStatus.RUNNING, state(id).status());
    }

    static HostOptions autoRemove() {
        HostOptions d = HostOptions.DEFAULTS;
        return new HostOptions(
                d.storage(),
                d.network(),
                d.namespaces(),
                d.security(),
                d.resources(),
                d.log(),
                d.restart(),
                true,
                d.init(),
                d.shmSize(),
                d.sysctls(),
                d.runtime(),
                d.annotations(),
                d.storageOptions(),
                d.consoleSize(),
                d.containerIdFile());
    }

    @Test
    void whoWaitsForARemovalLearnsOfItsFailure() {
        String id = engine.create("web");
        CompletableFuture<Exit> removal = engine.tasks.await(id, WaitCondition.REMOVED);
        engine.database.changesLeft = 0;
        assertThrows(IllegalStateException.class, () -> engine.containers.remove(id, new RemoveOptions(false, false)));
        engine.database.changesLeft = Integer.MAX_VALUE;
        assertTrue(removal.isDone());
        assertFalse(removal.join().error().isEmpty());
        assertEquals(ContainerStatus.DEAD, state(id).status());
        engine.containers.remove(id, new RemoveOptions(false, false));
    }

    @Test
    void aChangeDoesNotBringARemovedContainerBack() {
        ContainerEntry entry = engine.records.find(engine.create("web"));
        engine.containers.remove("web", new RemoveOptions(false, false));
        assertEquals(
                ErrorKind.NOT_FOUND,
                fails(() -> engine.records.save(entry, entry.value())).kind());
        engine.restart();
        assertTrue(engine.records.values().isEmpty());
    }

    @Test
    void whoAttachesBeforeTheStartIsConnectedBeforeTheProcessRuns() throws Exception {
        String id = engine.create("web");
        Attachment attachment =
                engine.streams.attach(id, new Attachment.AttachOptions(true, true, true, false, true, ""));
        engine.tasks.start(id);
        assertEquals(1, engine.task(id).attachments);
        attachment.copyOutput((stream, buffer, offset, length) -> {});
    }

    @Test
    void pauseAndUnpauseChangeTheState() {
        String id = engine.create("web");
        fails(() -> engine.tasks.pause(id));
        engine.tasks.start(id);
        engine.tasks.pause(id);
        assertEquals(ContainerStatus.PAUSED, state(id).status());
        assertEquals(
                "cannot start a paused container, try unpause instead",
                fails(() -> engine.tasks.start(id)).getMessage());
        engine.tasks.unpause(id);
        assertEquals(ContainerStatus.RUNNING, state(id).status());
        engine.tasks.kill(id, null);
        assertEquals(137, state(id).exitCode());
    }
}

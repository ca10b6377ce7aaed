package dev.forno.engine.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.engine.Filters;
import dev.forno.engine.containers.MemoryDatabase;
import dev.forno.engine.events.EventLog;
import dev.forno.engine.volumes.Volumes.VolumeRequest;
import dev.forno.linux.files.Root;
import dev.forno.linux.mounts.Mounts;
import dev.forno.oci.FornoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalVolumesTest {
    @TempDir
    Path directory;

    final MemoryDatabase database = new MemoryDatabase();
    final Map<String, List<String>> users = new HashMap<>();
    LocalVolumes volumes;

    @BeforeEach
    void open() throws Exception {
        volumes = LocalVolumes.open(
                directory.resolve("volumes"),
                database,
                name -> users.getOrDefault(name, List.of()),
                new EventLog(InstantSource.system()),
                InstantSource.system(),
                new Random(3));
    }

    private Volume create(String name, Map<String, String> options) {
        return volumes.create(new VolumeRequest(name, "", options, Map.of("l", "1")));
    }

    private static String refusal(Runnable work) {
        return assertThrows(FornoException.class, work::run).getMessage();
    }

    @Test
    void aVolumeIsThereAfterTheNextStartAndCreatedOnce() throws Exception {
        Volume made = create("data", Map.of());
        Files.writeString(Path.of(made.mountpoint()).resolve("f"), "x");
        open();
        assertEquals(made, volumes.get("data"));
        assertEquals(made, create("data", Map.of()));
        assertEquals(1, volumes.usage().getFirst().bytes());
    }

    @Test
    void namesAndOptionsAreChecked() {
        assertTrue(
                refusal(() -> create("a/b", Map.of())).startsWith("create a/b: \"a/b\" includes invalid characters"));
        assertEquals("create x1: invalid option: \"colour\"", refusal(() -> create("x1", Map.of("colour", "red"))));
        assertEquals("get x1: no such volume", refusal(() -> volumes.get("x1")));
        Volume bound = create("bound", Map.of("type", "none", "o", "bind", "device", "/srv"));
        assertEquals(Path.of("/srv"), LocalVolumes.source(bound));
    }

    @Test
    void whatAContainerInTheMakingCountsOnStays() {
        create("data", Map.of());
        try (LocalVolumes.Hold hold = volumes.hold()) {
            hold.take("data");
            assertEquals(
                    "remove data: volume is in use - [a container that is being created or removed]",
                    refusal(() -> volumes.remove("data", true)));
            assertEquals(
                    List.of(),
                    volumes.prune(new Filters(Map.of("all", List.of("1")))).names());
            users.put("data", List.of("c1"));
            assertEquals(List.of(), volumes.leave(List.of("data"), "c1"));
        }
        assertEquals(List.of("data"), volumes.leave(List.of("data"), "c1"));
        assertTrue(refusal(() -> volumes.remove("data", true)).contains("being created or removed"));
        volumes.stay(List.of("data"));
        users.put("data", List.of("c1", "c2"));
        assertEquals(List.of(), volumes.leave(List.of("data"), "c1"));
        users.clear();
        volumes.remove("data", false);
        assertEquals(List.of(), volumes.list(Filters.NONE));
    }

    @Test
    void whoWantsAVolumeThatIsBeingRemovedWaitsForANewOne() throws Exception {
        create("data", Map.of());
        users.put("data", List.of("c1"));
        assertEquals(List.of("data"), volumes.leave(List.of("data"), "c1"));
        Thread creation = Thread.ofVirtual().start(() -> create("data", Map.of()));
        while (creation.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        database.run(tx -> volumes.forget(tx, List.of("data")));
        volumes.forgotten(List.of("data"));
        creation.join();
        assertTrue(Files.isDirectory(Path.of(volumes.get("data").mountpoint())));
    }

    @Test
    void whatIsInUseStays() {
        create("data", Map.of());
        users.put("data", List.of("c1"));
        assertEquals("remove data: volume is in use - [c1]", refusal(() -> volumes.remove("data", true)));
        users.clear();
        volumes.remove("data", false);
        assertFalse(Files.exists(directory.resolve("volumes").resolve("data")));
        volumes.remove("data", true);
    }

    @Test
    void pruneTakesAnonymousOnesAndWithAllTheOthersToo() {
        create("data", Map.of());
        String anonymous = create("", Map.of()).name();
        assertEquals(List.of(anonymous), volumes.prune(Filters.NONE).names());
        assertEquals(
                List.of("data"),
                volumes.prune(new Filters(Map.of("all", List.of("true")))).names());
    }

    @Test
    void unclaimedVolumesAreGoneAfterACrash() throws Exception {
        Volume claimed = volumes.createUnclaimed();
        Volume unclaimed = volumes.createUnclaimed();
        database.run(tx -> volumes.claim(tx, List.of(claimed)));
        volumes.claimed(List.of(claimed));
        open();
        assertEquals(List.of(claimed), volumes.list(Filters.NONE));
        assertFalse(Files.exists(Path.of(unclaimed.mountpoint())));
    }

    @Test
    void removalsThatACrashCutShortAreFinished() throws Exception {
        Path content = Path.of(create("data", Map.of()).mountpoint());
        Files.writeString(content.resolve("f"), "x");
        database.run(tx -> volumes.forget(tx, List.of("data"))); // and no more
        open();
        assertFalse(Files.exists(content.getParent()));
        assertEquals(List.of(), volumes.list(Filters.NONE));
        create("data", Map.of());
        Files.writeString(content.resolve("g"), "y");
        open();
        assertEquals("y", Files.readString(content.resolve("g")));
    }

    @Test
    void whatCantBeRemovedKeepsItsSpaceNotTheEngineFromStarting() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounts need root");
        Path named = Path.of(create("data", Map.of()).mountpoint());
        Path anonymous = Path.of(volumes.createUnclaimed().mountpoint());
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("f"), "x");
        database.run(tx -> volumes.forget(tx, List.of("data"))); // and no more
        Mounts.bind(elsewhere, named, false);
        try {
            Mounts.bind(elsewhere, anonymous, false);
            open();
            assertEquals(List.of(), volumes.list(Filters.NONE));
            assertTrue(refusal(() -> create("data", Map.of())).contains("mount point"));
        } finally {
            Mounts.unmount(anonymous);
            Mounts.unmount(named);
        }
        open();
        assertFalse(Files.exists(named.getParent()));
        assertFalse(Files.exists(anonymous.getParent()));
        create("data", Map.of());
        assertEquals("x", Files.readString(elsewhere.resolve("f")));
    }

    @Test
    void aNamedVolumesContentOutlivesItsRecord() throws Exception {
        Path file = Path.of(create("data", Map.of()).mountpoint()).resolve("f");
        Files.writeString(file, "x");
        database.table("volumes").delete("data");
        open();
        assertEquals(List.of(), volumes.list(Filters.NONE));
        create("data", Map.of());
        assertEquals("x", Files.readString(file));
        volumes.remove("data", false);
        assertFalse(Files.exists(file));
        create("data", Map.of());
        assertFalse(Files.exists(file));
    }

    @Test
    void anEmptyVolumeGetsTheTreeWithItsMode() throws Exception {
        Path source = Files.createDirectories(directory.resolve("source/sub"));
        Files.writeString(source.resolve("f"), "hello");
        Files.createSymbolicLink(source.resolve("link"), Path.of("f"));
        Files.setPosixFilePermissions(directory.resolve("source"), PosixFilePermissions.fromString("rwx-----x"));
        Volume volume = create("data", Map.of());
        try (Root root = Root.open(directory.resolve("source"))) {
            volumes.fillIfEmpty(volume, root);
            Files.writeString(source.resolve("f"), "changed");
            volumes.fillIfEmpty(volume, root);
        }
        Path data = Path.of(volume.mountpoint());
        assertEquals("hello", Files.readString(data.resolve("sub/link")));
        assertEquals("rwx-----x", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
        List<String> names = new ArrayList<>();
        try (var children = Files.list(data.getParent())) {
            children.forEach(p -> names.add(p.getFileName().toString()));
        }
        assertEquals(List.of("_data"), names);
    }
}

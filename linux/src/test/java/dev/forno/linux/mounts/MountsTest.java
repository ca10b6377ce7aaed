package dev.forno.linux.mounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    @TempDir
    Path temporary;

    private Path target;

    @BeforeEach
    void makeTarget() throws Exception {
        target = Files.createDirectory(temporary.resolve("the target"));
    }

    @AfterEach
    void unmountAll() throws Exception {
        boolean more = true;
        while (more) {
            more = Mounts.unmount(target);
        }
    }

    @Test
    void bindsAndUnmounts() throws Exception {
        Path source = Files.createDirectory(temporary.resolve("source"));
        Files.writeString(source.resolve("file"), "text");
        Mounts.bind(source, target, false);
        assertEquals("text", Files.readString(target.resolve("file")));
        Mount mount = Mounts.at(target).orElseThrow();
        assertTrue(mount.options().startsWith("rw"), mount.options());
        assertTrue(Mounts.unmount(target));
        assertTrue(Mounts.at(target).isEmpty());
        assertFalse(Mounts.unmount(target));
    }

    @Test
    void overlayWithMoreLayersThanFitOnePage() throws Exception {
        Path base = Files.createDirectories(temporary.resolve("l".repeat(100)));
        List<Path> lowers = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Path lower = Files.createDirectory(base.resolve("layer-" + i));
            Files.writeString(lower.resolve("file-" + i), "x");
            Files.writeString(lower.resolve("same"), "layer " + i);
            lowers.addFirst(lower);
        }
        overlay(lowers, "upper");
        assertEquals("layer 119", Files.readString(target.resolve("same")));
        assertTrue(Files.exists(target.resolve("file-0")));
        Files.writeString(target.resolve("same"), "changed");
        assertEquals("changed", Files.readString(temporary.resolve("upper/same")));
        assertEquals("overlay", Mounts.at(target).orElseThrow().type());
    }

    @Test
    void overlayTakesAsManyLowersAsItSays() throws Exception {
        int most = Mounts.maxOverlayLowers();
        Path base = Files.createDirectory(temporary.resolve("l".repeat(150)));
        List<Path> lowers = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            lowers.add(Files.createDirectory(base.resolve("layer-" + i)));
        }
        overlay(lowers, "upper");
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            assertTrue(!line.contains(target.toString()) || line.length() < 1 << 16, "runc takes no longer lines");
        }
        assertTrue(Mounts.unmount(target));
        Path upper = temporary.resolve("upper");
        new OverlayMount(lowers.subList(0, 200), upper, temporary.resolve("work")).atByOptions(target);
        assertTrue(Mounts.unmount(target));
        lowers.add(Files.createDirectory(temporary.resolve("more")));
        ErrnoException e = assertThrows(ErrnoException.class, () -> Mounts.overlay(lowers, upper, upper, target));
        assertTrue(e.toString().contains("too many lower directories"), e.toString());
    }

    @Test
    void overlayWithNamesThatOptionsCantHold() throws Exception {
        Path lower = Files.createDirectories(
                temporary.resolve("a:b,c\\d").resolve("l".repeat(200)).resolve("m".repeat(200)));
        Files.writeString(lower.resolve("file"), "text");
        overlay(List.of(lower), "up:per");
        assertEquals("text", Files.readString(target.resolve("file")));
    }

    @Test
    void overlayFailureNamesTheDirectory() throws Exception {
        Path missing = temporary.resolve("missing");
        ErrnoException e = assertThrows(ErrnoException.class, () -> overlay(List.of(missing), "upper"));
        assertTrue(e.toString().contains("missing"), e.toString());
    }

    @Test
    void parsesEscapesAndOptionalFields() {
        Mount mount =
                Mount.parse("36 35 98:0 /mnt1 /mnt/with\\040space rw,noatime shared:1 master:2 - ext3 /dev/root rw");
        assertEquals(Path.of("/mnt/with space"), mount.target());
        assertEquals(List.of("shared:1", "master:2"), mount.propagation());
        assertEquals("ext3", mount.type());
        assertEquals(98, mount.major());
    }

    private void overlay(List<Path> lowers, String upper) throws Exception {
        Mounts.overlay(
                lowers,
                Files.createDirectory(temporary.resolve(upper)),
                Files.createDirectory(temporary.resolve("work")),
                target);
    }
}

package dev.forno.linux.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    private static final String REMEDY =
            "; see what takes space with \"forno system df\", free some with \"forno system prune\", or make the disk larger";

    @TempDir
    Path directory;

    @Test
    void namesTheDirectoryThatUsersKnow() {
        IOException e = new FileSystemException(directory.resolve("a/b/c").toString(), null, "No space left on device");
        assertEquals(
                "write x: no space left on device: the disk of " + directory.resolve("a/b") + " is full" + REMEDY,
                FullDisk.message("write x", e));
        try (FullDisk.Watch _ = FullDisk.watch(directory)) {
            assertEquals(
                    "write x: no space left on device: the disk of " + directory + " is full" + REMEDY,
                    FullDisk.message("write x", new IOException(e)));
        }
    }

    @Test
    void namesNoneWhenNoneIsFull() {
        try (FullDisk.Watch _ = FullDisk.watch(directory)) {
            IOException e = new IOException("No space left on device");
            assertEquals("write x: no space left on device" + REMEDY, FullDisk.message("write x", e));
        }
    }

    @Test
    void tellsAnExhaustedQuota() {
        IOException e = new ErrnoException("write(3, 1)", ErrnoException.EDQUOT, directory.resolve("file"));
        assertTrue(FullDisk.isCauseOf(new IllegalStateException(e)));
        assertEquals(
                "write x: disk quota exceeded: the quota on the disk of " + directory + " is used up" + REMEDY,
                FullDisk.message("write x", e));
        assertFalse(FullDisk.isCauseOf(new IOException("input/output error")));
    }

    @Test
    void aFailedWriteSaysWhereItWas() throws IOException {
        try (Fd full = Fd.open(Path.of("/dev/full"), Flags.O_WRONLY, 0)) {
            ErrnoException e = assertThrows(ErrnoException.class, () -> full.write(new byte[1], 0, 1));
            assertTrue(FullDisk.isCauseOf(e));
            assertEquals(Path.of("/dev/full"), e.file().orElseThrow());
        }
    }
}

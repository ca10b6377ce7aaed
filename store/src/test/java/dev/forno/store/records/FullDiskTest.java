package dev.forno.store.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metadata on a disk that fills up. Needs root. */
class FullDiskTest {
    @TempDir
    Path directory;

    @Test
    void removalsAreRecordedWhereNothingElseFits() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(directory, 40)) {
            Path file = disk.path().resolve("metadata.db");
            byte[] large = "x".repeat(20_000).getBytes(UTF_8);
            try (Database database = SqliteDatabase.open(file)) {
                for (int i = 0; i < 50; i++) {
                    database.table("t").put("record" + i, large);
                }
                disk.fill();
                assertFull(() -> addUntilFull(database, large));
                int there = database.table("t").list().size();
                assertTrue(there >= 50);
                assertFull(() -> database.run(tx -> {
                    tx.table("t").delete("record0");
                    tx.table("t").put("more", large);
                }));
                assertEquals(there, database.table("t").list().size(), "all or nothing");
                database.run(tx -> {
                    for (int i = 0; i < 40; i++) {
                        tx.table("t").delete("record" + i);
                    }
                });
                assertEquals(there - 40, database.table("t").list().size());
                disk.free();
                database.table("t").put("after", large);
                assertTrue(Files.exists(Reserve.file(file)));
            }
        }
    }

    @Test
    void opensWhereNothingFits() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(directory, 40)) {
            Path file = disk.path().resolve("metadata.db");
            try (Database database = SqliteDatabase.open(file)) {
                database.table("t").put("a", new byte[20_000]);
            }
            disk.fill();
            // The engine has to start to be asked to free space.
            try (Database again = SqliteDatabase.open(file)) {
                assertTrue(again.table("t").delete("a"));
            }
        }
    }

    @Test
    void recordsRemovalsHoweverOftenItIsOpenedWhereNothingFits() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(directory, 40)) {
            Path file = disk.path().resolve("metadata.db");
            try (Database database = SqliteDatabase.open(file)) {
                for (int i = 0; i < 20; i++) {
                    database.table("t").put("record" + i, new byte[20_000]);
                }
                for (int i = 10; i < 20; i++) {
                    disk.fill();
                    assertTrue(database.table("t").delete("record" + i));
                }
            }
            for (int i = 0; i < 5; i++) {
                disk.fill(); // takes whatever the last one gave back
                try (Database again = SqliteDatabase.open(file)) {
                    assertEquals(10 - 2 * i, again.table("t").list().size());
                    disk.fill();
                    assertTrue(again.table("t").delete("record" + 2 * i));
                    disk.fill();
                    String second = "record" + (2 * i + 1);
                    again.run(
                            tx -> { // with a note of what is left to be done
                                tx.table("t").delete(second);
                                tx.table("leaving").put(second, new byte[2]);
                            });
                }
            }
            disk.free();
            try (Database again = SqliteDatabase.open(file)) {
                assertEquals(0, again.table("t").list().size());
                assertTrue(Files.exists(Reserve.file(file)));
                again.table("t").put("after", new byte[20_000]);
            }
            try (Database again = SqliteDatabase.open(file)) {
                assertEquals(1, again.table("t").list().size(), "what the reserve held as a log is void");
            }
        }
    }

    private static void addUntilFull(Database database, byte[] large) {
        for (int i = 0; i < 10_000; i++) {
            database.table("t").put("further" + i, large);
        }
    }

    private static void assertFull(org.junit.jupiter.api.function.Executable work) {
        FornoException e = assertThrows(FornoException.class, work);
        assertEquals(ErrorKind.RESOURCE_EXHAUSTED, e.kind(), e::getMessage);
        assertTrue(e.getMessage().contains("forno system prune"), e.getMessage());
    }
}

package dev.forno.store.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {
    @TempDir
    Path directory;

    private Database database;

    @BeforeEach
    void open() {
        database = SqliteDatabase.open(directory.resolve("metadata.db"));
    }

    @AfterEach
    void close() {
        database.close();
        database.close();
    }

    @Test
    void recordsOfATable() {
        RecordTable table = database.table("containers");
        assertEquals(Optional.empty(), text(table.get("a")));
        table.put("b", bytes("1"));
        table.put("a", bytes("2"));
        table.put("a", bytes("3"));
        assertFalse(table.putIfAbsent("a", bytes("4")));
        assertTrue(table.putIfAbsent("c", bytes("5")));
        assertEquals(Optional.of("3"), text(table.get("a")));
        assertEquals(List.of("a", "b", "c"), List.copyOf(table.list().keySet()));
        assertTrue(database.table("other").list().isEmpty());
        assertTrue(table.delete("a"));
        assertFalse(table.delete("a"));
    }

    @Test
    void aTransactionIsAllOrNothing() {
        assertThrows(
                IllegalStateException.class,
                () -> database.run(tx -> {
                    tx.table("t").put("a", bytes("1"));
                    assertEquals(Optional.of("1"), text(tx.table("t").get("a")));
                    assertEquals(Optional.empty(), text(database.table("t").get("a")));
                    throw new IllegalStateException("undo");
                }));
        assertEquals(Optional.empty(), text(database.table("t").get("a")));
        assertEquals(7, database.<Integer>transaction(tx -> {
            tx.table("t").put("a", bytes("1"));
            tx.table("u").put("b", bytes("2"));
            return 7;
        }));
        assertEquals(Optional.of("2"), text(database.table("u").get("b")));
        assertThrows(
                IllegalStateException.class,
                () -> database.run(tx -> database.table("t").put("x", bytes("1"))));
    }

    @Test
    void whatWasCommittedIsThereAfterReopening() {
        database.table("t").put("a", bytes("1"));
        database.close();
        assertThrows(IllegalStateException.class, () -> database.table("t").get("a"));
        database = SqliteDatabase.open(directory.resolve("metadata.db"));
        assertEquals(Optional.of("1"), text(database.table("t").get("a")));
    }

    @Test
    void manyThreadsCount() throws Exception {
        database.table("t").put("n", bytes("0"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                threads.execute(() -> database.run(tx -> {
                    int n = Integer.parseInt(text(tx.table("t").get("n")).orElseThrow());
                    tx.table("t").put("n", bytes(Integer.toString(n + 1)));
                }));
            }
        }
        assertEquals(Optional.of("50"), text(database.table("t").get("n")));
    }

    @Test
    void aNewerOrDamagedFileIsRefused() throws Exception {
        database.close();
        Path file = directory.resolve("metadata.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        FornoException newer = assertThrows(FornoException.class, () -> SqliteDatabase.open(file));
        assertEquals(ErrorKind.FAILED_PRECONDITION, newer.kind());
        assertTrue(newer.getMessage().contains("newer version"), newer.getMessage());
        Path damaged = directory.resolve("damaged.db");
        Files.writeString(damaged, "this was a database once ".repeat(1000));
        FornoException loss = assertThrows(FornoException.class, () -> SqliteDatabase.open(damaged));
        assertEquals(ErrorKind.DATA_LOSS, loss.kind());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Optional<String> text(Optional<byte[]> bytes) {
        return bytes.map(b -> new String(b, UTF_8));
    }
}

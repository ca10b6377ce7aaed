package dev.forno.store.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.store.workers.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayChangesTest {
    @TempDir
    Path upper;

    private OverlayChanges changes(int levels) throws Exception {
        Files.createDirectories(upper.resolve("deep" + "/d".repeat(levels)));
        return new OverlayChanges(upper, List.of());
    }

    @Test
    void listsWhatAnArchiveCanHave() throws Exception {
        OverlayChanges changes = changes(1000);
        List<Change> found = Workers.run("compare", changes::list);
        assertEquals(1001, found.size());
        assertEquals(new Change(Change.Kind.ADDED, "/deep" + "/d".repeat(1000)), found.getLast());
    }

    @Test
    void refusesWhatIsNestedDeeper() throws Exception {
        OverlayChanges changes = changes(1100);
        FornoException e = assertThrows(FornoException.class, () -> Workers.run("compare", changes::list));
        assertEquals(ErrorKind.FAILED_PRECONDITION, e.kind());
        assertTrue(e.getMessage().contains("nested more than 1024 directories deep"), e.getMessage());
    }
}

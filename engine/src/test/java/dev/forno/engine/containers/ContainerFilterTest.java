package dev.forno.engine.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.engine.Filters;
import dev.forno.engine.containers.Containers.ContainerQuery;
import dev.forno.oci.FornoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerFilterTest {
    @TempDir
    Path directory;

    Fixture engine;
    String web;
    String db;

    @BeforeEach
    void open() {
        engine = new Fixture(directory);
        web = engine.create("web");
        db = engine.create("db");
        engine.tasks.start(web);
    }

    private List<String> names(boolean all, String key, String... values) {
        Filters filters = key.isEmpty() ? Filters.NONE : new Filters(Map.of(key, List.of(values)));
        return engine.containers.list(new ContainerQuery(all, 0, filters)).stream()
                .map(Container::name)
                .sorted()
                .toList();
    }

    @Test
    void onlyRunningOnesUnlessAskedOrFiltered() {
        assertEquals(List.of("web"), names(false, ""));
        assertEquals(List.of("db", "web"), names(true, ""));
        assertEquals(List.of("db"), names(false, "status", "created"));
    }

    @Test
    void everyFilterNarrows() {
        assertEquals(List.of("web"), names(true, "name", "^/we"));
        assertEquals(List.of("db"), names(true, "id", db.substring(0, 20)));
        assertEquals(List.of("db", "web"), names(true, "label", "from=image"));
        assertEquals(List.of(), names(true, "label", "from=user"));
        assertEquals(List.of("db", "web"), names(true, "ancestor", "app"));
        assertEquals(List.of(), names(true, "ancestor", "nothing"));
        assertEquals(List.of("db", "web"), names(true, "volume", "/data"));
        assertEquals(List.of("db", "web"), names(true, "network", "bridge"));
        assertEquals(List.of("db", "web"), names(true, "expose", "70-80/tcp"));
        assertEquals(List.of(), names(true, "publish", "80"));
        engine.task(web).end(3);
        engine.tasks.await(web, Tasks.WaitCondition.NOT_RUNNING).join();
        assertEquals(List.of("web"), names(true, "exited", "3"));
        assertEquals(List.of(), names(true, "exited", "0"));
    }

    @Test
    void unknownFiltersAreRefused() {
        FornoException e = assertThrows(FornoException.class, () -> names(true, "colour", "red"));
        assertEquals("invalid filter 'colour'", e.getMessage());
    }
}

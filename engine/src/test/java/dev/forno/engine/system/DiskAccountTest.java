package dev.forno.engine.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.engine.containers.Container;
import dev.forno.engine.containers.ContainerConfig;
import dev.forno.engine.containers.ContainerState;
import dev.forno.engine.containers.ContainerStatus;
import dev.forno.engine.containers.HostOptions;
import dev.forno.engine.containers.NetworkSettings;
import dev.forno.engine.images.ImageHolding;
import dev.forno.engine.system.Housekeeping.Item;
import dev.forno.oci.Digest;
import dev.forno.oci.Platform;
import dev.forno.store.garbage.Roots;
import dev.forno.store.places.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskAccountTest {
    private static final Digest IMAGE = digest("image");
    private static final Digest BLOB = digest("blob");
    private static final Digest LOWER = digest("lower");
    private static final Digest UPPER = digest("upper");

    @TempDir
    Path state;

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Container container(String name, ContainerStatus status) {
        return new Container(
                name,
                name,
                Instant.EPOCH,
                IMAGE.toString(),
                Platform.of("linux", "amd64", null),
                ContainerConfig.of("busybox", "sleep"),
                HostOptions.DEFAULTS,
                "sleep",
                List.of(),
                new ContainerState(status, 0, 0, "", false, null, null),
                0,
                List.of(),
                NetworkSettings.NONE,
                new Container.HostFiles("", "", "", ""),
                new Container.StorageDriver("", Map.of()),
                List.of());
    }

    private Place place(Place.Kind kind, String name, Digest... layers) throws IOException {
        Path path = Files.writeString(state.resolve(name.replace(':', '-')), "content of " + name);
        return new Place(kind, name, path, List.of(layers));
    }

    private List<Item> items(ContainerStatus status) throws IOException {
        DiskAccount account = new DiskAccount(state);
        Container container = container("c", status);
        account.container(container, List.of(LOWER, UPPER));
        account.image(new ImageHolding(IMAGE, "app", Set.of(BLOB), List.of(LOWER, UPPER)));
        account.cache(new Roots(Set.of(), Set.of(LOWER)));
        account.store(List.of(
                place(Place.Kind.LAYER, LOWER.toString()),
                place(Place.Kind.BLOB, BLOB.toString()),
                place(Place.Kind.INDEX, "merged", LOWER, UPPER),
                place(Place.Kind.INDEX, "over-lower", LOWER),
                place(Place.Kind.INDEX, "other", UPPER, LOWER),
                place(Place.Kind.INDEX, "broken")));
        account.volume("data", Files.createDirectory(state.resolve("data")), List.of(container));
        return account.rest().items();
    }

    private static Item named(List<Item> items, String name) {
        return items.stream().filter(i -> i.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void whatAStoppedContainerUsesIsReclaimable() throws Exception {
        List<Item> items = items(ContainerStatus.EXITED);
        for (String name : List.of(LOWER.toString(), BLOB.toString(), "merged", "over-lower", "data")) {
            assertEquals(true, named(items, name).reclaimable(), name);
        }
    }

    @Test
    void whatARunningContainerUsesIsNot() throws Exception {
        List<Item> items = items(ContainerStatus.RUNNING);
        for (String name : List.of(LOWER.toString(), BLOB.toString(), "merged", "over-lower", "data")) {
            assertEquals(false, named(items, name).reclaimable(), name);
        }
    }

    @Test
    void anIndexIsHeldByWhatMountsItsLayers() throws Exception {
        List<Item> items = items(ContainerStatus.RUNNING);
        assertEquals(List.of("container c", "image app"), named(items, "merged").holders());
        assertEquals(
                List.of("container c", "image app", "build cache"),
                named(items, "over-lower").holders());
        for (String nobodys : List.of("other", "broken")) {
            assertEquals(List.of(), named(items, nobodys).holders());
            assertEquals(true, named(items, nobodys).reclaimable());
        }
    }
}

package dev.forno.engine.images;

import dev.forno.engine.images.records.NameRecord;
import dev.forno.engine.images.records.PlatformRecord;
import dev.forno.oci.Descriptor;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.Repository;
import dev.forno.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a push sends the index that a name stands for, or one of its manifests: as Docker decides it. */
final class PushChoice {
    private final Catalog catalog;
    private final Store store;
    private final Repository repository;

    PushChoice(Catalog catalog, Store store, Repository repository) {
        this.catalog = catalog;
        this.store = store;
        this.repository = repository;
    }

    /**
     * The index to be pushed, with those within it, when all their manifests are here or at the registry; null when one manifest is to be pushed
     * alone.
     *
     * @throws FornoException {@link ErrorKind#NOT_FOUND} when several of its manifests are here, but not all
     */
    @Nullable
    IndexTree index(Reference reference, NameRecord name, @Nullable Platform platform, Reporter reporter) {
        IndexTree index = platform != null
                ? null
                : IndexTree.of("push " + reference.familiar(), store, name).orElse(null);
        if (index == null) {
            return null;
        }
        Set<String> here = new HashSet<>();
        for (PlatformRecord one : name.images()) {
            here.add(one.packing().manifest().digest());
            one.packing()
                    .attachments()
                    .forEach(attached -> here.add(attached.manifest().digest()));
        }
        List<Descriptor> missing = index.entries().stream()
                .filter(entry -> !here.contains(entry.digest()))
                .filter(entry -> !repository.holds(entry.contentDigest()))
                .toList();
        if (missing.isEmpty()) {
            return index;
        }
        if (name.images().size() > 1) {
            throw new FornoException(
                    ErrorKind.NOT_FOUND,
                    "push " + reference.familiar() + ": content "
                            + missing.getFirst().digest() + " is not here.\n"
                            + "Note: You're trying to push a manifest list/index which references multiple platform"
                            + " specific manifests, but not all of them are available locally or available to the"
                            + " remote repository.\n\nMake sure you have all the referenced content and try again.\n\n"
                            + "You can also push only a single platform specific manifest directly by specifying the"
                            + " platform you want to push with the --platform flag.");
        }
        reporter.status(
                null,
                "Not all multiplatform-content is present and only the available single-platform image was pushed: "
                        + name.target().digest() + " -> "
                        + name.packing().manifest().digest());
        return null;
    }

    /** The one image to be pushed. */
    PlatformRecord one(NameRecord name, @Nullable Platform platform) {
        return catalog.choose(name, platform)
                .orElseThrow(() -> new FornoException(
                        ErrorKind.NOT_FOUND, "image is not here for the specified platform (" + platform + ")"));
    }
}

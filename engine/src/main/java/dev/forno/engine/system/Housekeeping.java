package dev.forno.engine.system;

import dev.forno.engine.Filters;
import dev.forno.engine.builds.CachePruneReport;
import dev.forno.engine.containers.Containers;
import dev.forno.engine.images.PruneReport;
import dev.forno.engine.volumes.Volumes;
import java.util.List;

/** Disk space: who holds it, and how to get it back. Thread-safe. */
public interface Housekeeping {
    /**
     * Accounts for every byte below the state directory, each once; the sum is what {@code du} says of it. Reads the
     * attributes of every file: with many layers that takes a while.
     */
    Account account();

    /** Removes what is not used, of every kind; what each kind's own prune would, in turn. */
    Report prune(Request request);

    /** What {@link #prune} would do; nothing is changed. */
    Report tryPrune(Request request);

    /**
     * What to remove beyond stopped containers, unused networks, unnamed images and unused build cache.
     *
     * @param all every image that no container uses, all build cache, and every transfer that broke off
     * @param volumes anonymous volumes that no container uses
     * @param filters {@code until}, {@code label}, {@code label!}; with {@code until} transfers that broke off stay
     */
    record Request(boolean all, boolean volumes, Filters filters) {}

    /**
     * What was removed.
     *
     * @param partials how many transfers that broke off
     * @param reclaimed all disk space in bytes
     */
    record Report(
            Containers.Pruned containers,
            List<String> networks,
            Volumes.Pruned volumes,
            PruneReport images,
            CachePruneReport cache,
            int partials,
            long reclaimed) {}

    /** What every file below the state directory is for. */
    record Account(List<Item> items) {
        /** Copies the list. */
        public Account {
            items = List.copyOf(items);
        }

        /** All bytes on the disk. */
        public long total() {
            return items.stream().mapToLong(Item::bytes).sum();
        }
    }

    /**
     * One thing on the disk.
     *
     * @param name a digest, id or file name
     * @param holders who needs it, as {@code image busybox:latest}; empty for nobody
     * @param bytes the disk space that it holds and nothing listed before
     * @param reclaimable whether a prune of everything removes it
     */
    record Item(Kind kind, String name, List<String> holders, long bytes, boolean reclaimable) {
        /** Copies the list. */
        public Item {
            holders = List.copyOf(holders);
        }
    }

    /** What things are. */
    enum Kind {
        /** An installed layer, shared by all images that have it. */
        LAYER,
        /** A manifest, configuration, or layer as it is pushed. A blob that is one file with its layer holds nothing itself. */
        BLOB,
        /** The merged index of an image's layers. */
        INDEX,
        /** A container's own changes. */
        CONTAINER,
        /** A container's log and network files. */
        LOG,
        /** A volume's content. */
        VOLUME,
        /** A transfer that broke off, or goes on. */
        PARTIAL,
        /** What a build or another change is making or removing. */
        TEMPORARY,
        /** The database. */
        METADATA,
        /** Directories, and files that the engine doesn't know. */
        OTHER
    }
}

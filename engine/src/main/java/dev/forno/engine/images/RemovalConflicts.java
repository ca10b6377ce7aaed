package dev.forno.engine.images;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Optional;

/** What stands against removing an image, in Docker's words. */
final class RemovalConflicts {
    private final Digest id;
    private final Optional<ImageUsers.Use> running;
    private final Optional<ImageUsers.Use> stopped;

    RemovalConflicts(List<ImageUsers.Use> uses, Digest id) {
        this.id = id;
        this.running = uses.stream()
                .filter(use -> use.image().equals(id) && use.running())
                .findFirst();
        this.stopped = uses.stream()
                .filter(use -> use.image().equals(id) && !use.running())
                .findFirst();
    }

    /** Throws when a container uses the image, whose last name is to be taken away. */
    void checkUntag(String name) {
        running.or(() -> stopped).ifPresent(use -> {
            throw new FornoException(
                    ErrorKind.CONFLICT,
                    "conflict: unable to remove repository reference \"" + name + "\" (must force) - container "
                            + shortId(use.containerId()) + " is using its referenced image " + id.shortHex());
        });
    }

    /** Whether a container stands against a removal. */
    boolean stands(boolean force) {
        return running.isPresent() || (!force && stopped.isPresent());
    }

    /** Throws when children or containers stand against a removal. */
    void checkUse(boolean hasChildren, boolean force) {
        check(hasChildren, false, force);
    }

    /** Throws when children, containers or names stand against a removal. */
    void check(boolean hasChildren, boolean hasNames, boolean force) {
        if (hasChildren) {
            throw conflict("cannot be forced", "image has dependent child images");
        }
        running.ifPresent(use -> {
            throw conflict(
                    "cannot be forced", "image is being used by running container " + shortId(use.containerId()));
        });
        if (force) {
            return;
        }
        if (hasNames) {
            throw conflict("must be forced", "image is referenced in multiple repositories");
        }
        stopped.ifPresent(use -> {
            throw conflict("must be forced", "image is being used by stopped container " + shortId(use.containerId()));
        });
    }

    private FornoException conflict(String force, String reason) {
        return new FornoException(
                ErrorKind.CONFLICT, "conflict: unable to delete " + id.shortHex() + " (" + force + ") - " + reason);
    }

    private static String shortId(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }
}

package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.values.Sizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Removals of unused things, or dry runs of them, and how they are told: the same lines under other titles. */
final class Removal {
    private final Session session;
    private final boolean dry;
    private double space;

    Removal(Session session, boolean dry) {
        this.session = session;
        this.dry = dry;
    }

    /** Prunes one kind of things. */
    Json prune(String kind, List<String> filters) throws IOException {
        return session.engine()
                .post(Query.of("/" + kind + "/prune")
                        .withFlag("dry-run", dry)
                        .withNullable("filters", Engine.filters(filters)));
    }

    void containers(Json answer) {
        tell("Containers", answer.texts("ContainersDeleted"), answer);
    }

    void networks(Json answer) {
        tell("Networks", answer.texts("NetworksDeleted"), answer);
    }

    void volumes(Json answer) {
        tell("Volumes", answer.texts("VolumesDeleted"), answer);
    }

    void images(Json answer) {
        List<String> lines = new ArrayList<>();
        for (Json item : answer.at("ImagesDeleted").elements()) {
            lines.add(
                    item.at("Untagged").isEmpty()
                            ? "deleted: " + item.text("Deleted")
                            : "untagged: " + item.text("Untagged"));
        }
        tell("Images", lines, answer);
    }

    void cache(Json answer) {
        tell("build cache objects", answer.texts("CachesDeleted"), answer);
    }

    void partials(long count) {
        if (count > 0) {
            session.out()
                    .println((dry ? "Partial downloads that would be deleted: " : "Deleted partial downloads: ") + count
                            + "\n");
        }
    }

    private void tell(String what, List<String> lines, Json answer) {
        if (!lines.isEmpty()) {
            session.out().println(dry ? what + " that would be deleted:" : "Deleted " + what + ":");
            lines.forEach(session.out()::println);
            session.out().println();
        }
        space += answer.decimal("SpaceReclaimed");
    }

    /** Tells how much space all that was told of frees. */
    int end() {
        reclaimed(space);
        return 0;
    }

    void reclaimed(double bytes) {
        session.out()
                .println((dry ? "Total space that would be reclaimed: " : "Total reclaimed space: ")
                        + Sizes.decimal(bytes));
    }
}

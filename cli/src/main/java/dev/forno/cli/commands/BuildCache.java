package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.values.Sizes;

/** {@code builder prune}. */
final class BuildCache {
    private BuildCache() {}

    static Command prune() {
        return new Command("[OPTIONS]", "Remove the build cache", 0, 0, """
                -a, --all | Remove what is still used too
                --filter filter | Only what meets a condition, as until=24h
                -f, --force | Do not ask
                --keep-storage bytes | Space to keep
                """, (session, arguments) -> {
            Pruning.confirm(
                    session,
                    arguments,
                    arguments.is("all")
                            ? "WARNING! This will remove all build cache.\n"
                            : "WARNING! This will remove all dangling build cache.\n");
            Json answer = session.engine()
                    .post(Query.of("/build/prune")
                            .withFlag("all", arguments.is("all"))
                            .withNullable(
                                    "keep-storage",
                                    arguments.given("keep-storage") ? "" + arguments.bytes("keep-storage", 0) : null)
                            .withNullable("filters", Engine.filters(arguments.list("filter"))));
            Pruning.section(session, "Deleted build cache objects:", answer.texts("CachesDeleted"));
            session.out().println("Total reclaimed space: " + Sizes.decimal(answer.decimal("SpaceReclaimed")));
            return 0;
        });
    }
}

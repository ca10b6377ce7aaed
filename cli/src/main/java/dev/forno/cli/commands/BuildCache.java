package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import java.util.List;

/** {@code builder prune}. */
final class BuildCache {
    private BuildCache() {}

    static Command prune() {
        return new Command("[OPTIONS]", "Remove the build cache", 0, 0, """
                -a, --all | Remove what images use too
                --dry-run | Only say what would be removed, and how much space that would free
                --filter filter | Only what meets a condition, as until=24h
                -f, --force | Do not ask
                --keep-storage bytes | The same as --reserved-space
                --max-used-space bytes | What the cache may hold at most; the least recently used goes
                --min-free-space bytes | What shall be free on the disk afterwards
                --reserved-space bytes | What the cache may always hold
                """, (session, arguments) -> {
            Pruning.confirm(
                    session,
                    arguments,
                    arguments.is("all")
                            ? "WARNING! This will remove all build cache.\n"
                            : "WARNING! This will remove all dangling build cache.\n");
            boolean dry = arguments.is("dry-run");
            Query query = Query.of("/build/prune")
                    .withFlag("all", arguments.is("all"))
                    .withFlag("dry-run", dry)
                    .withNullable("filters", Engine.filters(arguments.list("filter")));
            for (String bound : List.of("keep-storage", "max-used-space", "min-free-space", "reserved-space")) {
                query.withNullable(bound, arguments.given(bound) ? "" + arguments.bytes(bound, 0) : null);
            }
            Removal removal = new Removal(session, dry);
            removal.cache(session.engine().post(query));
            return removal.end();
        });
    }
}

package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code container prune}, {@code image prune}, {@code volume prune}, {@code network prune}, {@code system prune}. */
final class Pruning {
    private static final String OPTIONS = """
            --dry-run | Only say what would be removed, and how much space that would free
            --filter filter | Only what meets a condition, as until=24h or label=key
            -f, --force | Do not ask
            """;

    private Pruning() {}

    static Command containers() {
        return new Command("[OPTIONS]", "Remove all stopped containers", 0, 0, OPTIONS, (session, arguments) -> {
            confirm(session, arguments, "WARNING! This will remove all stopped containers.\n");
            Removal removal = new Removal(session, arguments.is("dry-run"));
            removal.containers(removal.prune("containers", arguments.list("filter")));
            return removal.end();
        });
    }

    static Command images() {
        return new Command(
                "[OPTIONS]",
                "Remove unused images",
                0,
                0,
                "-a, --all | Remove every image that no container uses, not only those without a name\n" + OPTIONS,
                (session, arguments) -> {
                    boolean all = arguments.is("all");
                    confirm(
                            session,
                            arguments,
                            all
                                    ? "WARNING! This will remove all images without at least one container associated to them.\n"
                                    : "WARNING! This will remove all dangling images.\n");
                    Removal removal = new Removal(session, arguments.is("dry-run"));
                    removal.images(removal.prune("images", with(arguments, "dangling=" + !all)));
                    return removal.end();
                });
    }

    static Command volumes() {
        return new Command(
                "[OPTIONS]",
                "Remove unused volumes",
                0,
                0,
                "-a, --all | Remove named volumes too, not only anonymous ones\n" + OPTIONS,
                (session, arguments) -> {
                    boolean all = arguments.is("all");
                    confirm(
                            session,
                            arguments,
                            all
                                    ? "WARNING! This will remove all local volumes not used by at least one container.\n"
                                    : "WARNING! This will remove anonymous local volumes not used by at least one container.\n");
                    Removal removal = new Removal(session, arguments.is("dry-run"));
                    List<String> filters = all ? with(arguments, "all=1") : arguments.list("filter");
                    removal.volumes(removal.prune("volumes", filters));
                    return removal.end();
                });
    }

    static Command networks() {
        return new Command("[OPTIONS]", "Remove unused networks", 0, 0, OPTIONS, (session, arguments) -> {
            confirm(
                    session,
                    arguments,
                    "WARNING! This will remove all custom networks not used by at least one container.\n");
            Removal removal = new Removal(session, arguments.is("dry-run"));
            removal.networks(removal.prune("networks", arguments.list("filter")));
            return 0;
        });
    }

    static Command system() {
        return new Command("[OPTIONS]", "Remove what is not used", 0, 0, """
                -a, --all | Remove every image that no container uses, all build cache, and partial downloads
                --volumes | Remove anonymous volumes too
                """ + OPTIONS, Pruning::system);
    }

    private static int system(Session session, Arguments arguments) throws IOException {
        boolean all = arguments.is("all");
        boolean volumes = arguments.is("volumes");
        List<String> filters = arguments.list("filter");
        if (volumes && filters.stream().anyMatch(filter -> filter.startsWith("until="))) {
            throw new Failure(1, "ERROR: The \"until\" filter is not supported with \"--volumes\"");
        }
        confirm(
                session,
                arguments,
                "WARNING! This will remove:\n  - all stopped containers\n"
                        + "  - all networks not used by at least one container\n"
                        + (volumes ? "  - all anonymous volumes not used by at least one container\n" : "")
                        + (all
                                ? "  - all images without at least one container associated to them\n"
                                : "  - all dangling images\n")
                        + "  - " + (all ? "all" : "unused") + " build cache\n"
                        + (all && filters.isEmpty() ? "  - all partial downloads\n" : "")
                        + (filters.isEmpty()
                                ? ""
                                : "\n  Items to be pruned will be filtered with:\n  - " + String.join("\n  - ", filters)
                                        + "\n")
                        + "\n");
        boolean dry = arguments.is("dry-run");
        Json answer = session.engine()
                .post(Query.of("/system/prune")
                        .withFlag("all", all)
                        .withFlag("volumes", volumes)
                        .withFlag("dry-run", dry)
                        .withNullable("filters", Engine.filters(filters)));
        Removal removal = new Removal(session, dry);
        removal.containers(answer.at("Containers"));
        removal.networks(answer.at("Networks"));
        removal.volumes(answer.at("Volumes"));
        removal.images(answer.at("Images"));
        removal.cache(answer.at("BuildCache"));
        removal.partials(answer.number("PartialDownloadsDeleted"));
        removal.reclaimed(answer.decimal("SpaceReclaimed"));
        return 0;
    }

    private static List<String> with(Arguments arguments, String filter) {
        List<String> filters = new ArrayList<>(arguments.list("filter"));
        filters.add(filter);
        return filters;
    }

    /** Asks, unless nothing will be removed or the answer was given. */
    static void confirm(Session session, Arguments arguments, String warning) throws IOException {
        if (arguments.is("force") || arguments.is("dry-run")) {
            return;
        }
        session.out().print(warning + "Are you sure you want to continue? [y/N] ");
        session.out().flush();
        String answer = new BufferedReader(new InputStreamReader(session.in(), StandardCharsets.UTF_8)).readLine();
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("y")) {
            throw new Failure(1, "forno: nothing was removed");
        }
    }
}

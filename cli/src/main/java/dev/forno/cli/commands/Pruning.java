package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.values.Sizes;
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
            --filter filter | Only what meets a condition, as until=24h or label=key
            -f, --force | Do not ask
            """;

    private Pruning() {}

    static Command containers() {
        return new Command("[OPTIONS]", "Remove all stopped containers", 0, 0, OPTIONS, (session, arguments) -> {
            confirm(session, arguments, "WARNING! This will remove all stopped containers.\n");
            reclaimed(session, containers(session, arguments.list("filter")));
            return 0;
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
                    reclaimed(session, images(session, arguments.list("filter"), all));
                    return 0;
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
                    reclaimed(session, volumes(session, arguments.list("filter"), all));
                    return 0;
                });
    }

    static Command networks() {
        return new Command("[OPTIONS]", "Remove unused networks", 0, 0, OPTIONS, (session, arguments) -> {
            confirm(
                    session,
                    arguments,
                    "WARNING! This will remove all custom networks not used by at least one container.\n");
            networks(session, arguments.list("filter"));
            return 0;
        });
    }

    static Command system() {
        return new Command("[OPTIONS]", "Remove what is not used", 0, 0, """
                -a, --all | Remove every image that no container uses, not only those without a name
                --volumes | Remove anonymous volumes too
                """ + OPTIONS, Pruning::system);
    }

    private static int system(Session session, Arguments arguments) throws IOException {
        boolean all = arguments.is("all");
        boolean volumes = arguments.is("volumes");
        confirm(
                session,
                arguments,
                "WARNING! This will remove:\n  - all stopped containers\n"
                        + "  - all networks not used by at least one container\n"
                        + (volumes ? "  - all anonymous volumes not used by at least one container\n" : "")
                        + (all
                                ? "  - all images without at least one container associated to them\n"
                                : "  - all dangling images\n")
                        + "  - " + (all ? "all" : "unused") + " build cache\n\n");
        List<String> filters = arguments.list("filter");
        double space = containers(session, filters);
        networks(session, filters);
        if (volumes) {
            space += volumes(session, filters, false);
        }
        space += images(session, filters, all);
        Json cache = session.engine()
                .post(Query.of("/build/prune").withFlag("all", all).withNullable("filters", Engine.filters(filters)));
        section(session, "Deleted build cache objects:", cache.texts("CachesDeleted"));
        space += cache.decimal("SpaceReclaimed");
        reclaimed(session, space);
        return 0;
    }

    private static double containers(Session session, List<String> filters) throws IOException {
        Json answer = prune(session, "containers", filters);
        section(session, "Deleted Containers:", answer.texts("ContainersDeleted"));
        return answer.decimal("SpaceReclaimed");
    }

    private static double volumes(Session session, List<String> given, boolean all) throws IOException {
        List<String> filters = new ArrayList<>(given);
        if (all) {
            filters.add("all=1");
        }
        Json answer = prune(session, "volumes", filters);
        section(session, "Deleted Volumes:", answer.texts("VolumesDeleted"));
        return answer.decimal("SpaceReclaimed");
    }

    private static void networks(Session session, List<String> filters) throws IOException {
        section(
                session,
                "Deleted Networks:",
                prune(session, "networks", filters).texts("NetworksDeleted"));
    }

    private static double images(Session session, List<String> given, boolean all) throws IOException {
        List<String> filters = new ArrayList<>(given);
        filters.add("dangling=" + !all);
        Json answer = prune(session, "images", filters);
        List<String> lines = new ArrayList<>();
        for (Json item : answer.at("ImagesDeleted").elements()) {
            lines.add(
                    item.at("Untagged").isEmpty()
                            ? "deleted: " + item.text("Deleted")
                            : "untagged: " + item.text("Untagged"));
        }
        section(session, "Deleted Images:", lines);
        return answer.decimal("SpaceReclaimed");
    }

    private static Json prune(Session session, String kind, List<String> filters) throws IOException {
        return session.engine().post(Query.of("/" + kind + "/prune").withNullable("filters", Engine.filters(filters)));
    }

    static void section(Session session, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            session.out().println(title);
            lines.forEach(session.out()::println);
            session.out().println();
        }
    }

    private static void reclaimed(Session session, double space) {
        session.out().println("Total reclaimed space: " + Sizes.decimal(space));
    }

    static void confirm(Session session, Arguments arguments, String warning) throws IOException {
        if (arguments.is("force")) {
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

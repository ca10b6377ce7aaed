package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.tables.Listing;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.Sizes;
import dev.forno.cli.values.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code images}. */
final class ImageList {
    private static final String NONE = "<none>";

    private ImageList() {}

    private record Name(String repository, String tag, String digest) {}

    static Command command() {
        return new Command("[OPTIONS] [REPOSITORY[:TAG]]", "List images", 0, 1, """
                -a, --all | Show intermediate images too
                --digests | Show digests
                -f, --filter filter | Show only what meets a condition, as dangling=true
                --format string | Print with a template: 'table TEMPLATE', 'TEMPLATE' or 'json'
                --no-trunc | Do not shorten values
                -q, --quiet | Print ids only
                """, ImageList::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        List<String> filters = new ArrayList<>(arguments.list("filter"));
        arguments.operands().forEach(name -> filters.add("reference=" + name));
        Json images = session.engine()
                .get(Query.of("/images/json")
                        .withFlag("all", arguments.is("all"))
                        .withNullable("filters", Engine.filters(filters)));
        boolean full = arguments.is("no-trunc");
        boolean digests = arguments.is("digests");
        Listing listing = new Listing(
                "*formatter.imageContext",
                "ID:IMAGE ID",
                "Repository",
                "Tag",
                "Digest",
                "CreatedSince:CREATED",
                "CreatedAt:CREATED AT",
                "Size",
                "Containers",
                "VirtualSize:SIZE",
                "SharedSize:SHARED SIZE",
                "UniqueSize:UNIQUE SIZE");
        for (Json image : images.elements()) {
            for (Name name : names(image, digests)) {
                listing.add(row(session, image, name, full));
            }
        }
        String format = arguments.text("format");
        if (arguments.is("quiet") && format == null) {
            format = "{{.ID}}";
        }
        String columns = "{{.Repository}}\t{{.Tag}}" + (digests ? "\t{{.Digest}}" : "")
                + "\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
        session.out().print(listing.format(Listing.chosen(format, columns)));
        return 0;
    }

    private static List<String> row(Session session, Json image, Name name, boolean full) {
        Instant created = Instant.ofEpochSecond(image.number("Created"));
        String size = Sizes.decimal(image.decimal("Size"));
        String id = image.text("Id");
        return List.of(
                full ? id : Words.shortId(id),
                name.repository,
                name.tag,
                name.digest,
                Times.ago(created, session.now()),
                Times.go(created, session.zone()),
                size,
                image.number("Containers") < 0 ? "N/A" : image.text("Containers"),
                Sizes.precise(image.decimal("Size")),
                "N/A",
                "N/A");
    }

    private static List<Name> names(Json image, boolean withDigests) {
        Set<String> repositories = new LinkedHashSet<>();
        List<String> tags = new ArrayList<>();
        for (String tag : image.texts("RepoTags")) {
            if (!tag.equals(NONE + ":" + NONE)) {
                tags.add(tag);
                repositories.add(repository(tag));
            }
        }
        List<String> digests = new ArrayList<>();
        for (String digest : image.texts("RepoDigests")) {
            if (!digest.equals(NONE + "@" + NONE)) {
                digests.add(digest);
                repositories.add(repository(digest));
            }
        }
        List<Name> names = new ArrayList<>();
        for (String repository : repositories) {
            List<String> own = tags.stream()
                    .filter(tag -> repository(tag).equals(repository))
                    .toList();
            List<String> hashes = digests.stream()
                    .filter(digest -> repository(digest).equals(repository))
                    .toList();
            for (String tag : own.isEmpty() ? List.of(repository + ":" + NONE) : own) {
                String word = tag.substring(repository.length() + 1);
                if (!withDigests || hashes.isEmpty()) {
                    names.add(new Name(repository, word, NONE));
                    continue;
                }
                for (String digest : hashes) {
                    names.add(new Name(repository, word, digest.substring(repository.length() + 1)));
                }
            }
        }
        return names.isEmpty() ? List.of(new Name(NONE, NONE, NONE)) : names;
    }

    private static String repository(String name) {
        int at = name.indexOf('@');
        return name.substring(0, at >= 0 ? at : name.lastIndexOf(':'));
    }
}

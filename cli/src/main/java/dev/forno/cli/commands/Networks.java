package dev.forno.cli.commands;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.tables.Listing;
import dev.forno.cli.tables.Words;
import dev.forno.cli.values.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@code network ls}. */
final class Networks {
    private Networks() {}

    static Command list() {
        return new Command("[OPTIONS]", "List networks", 0, 0, """
                -f, --filter filter | Show only what meets a condition, as driver=bridge
                --format string | Print with a template: 'table TEMPLATE', 'TEMPLATE' or 'json'
                --no-trunc | Do not shorten values
                -q, --quiet | Print ids only
                """, Networks::list);
    }

    private static int list(Session session, Arguments arguments) throws IOException {
        Json answer = session.engine()
                .get(Query.of("/networks").withNullable("filters", Engine.filters(arguments.list("filter"))));
        Listing listing = new Listing(
                "*network.networkContext",
                "ID:NETWORK ID",
                "Name",
                "Driver",
                "Scope",
                "IPv4",
                "IPv6",
                "Internal",
                "Labels",
                "CreatedAt:CREATED AT");
        List<Json> networks = new ArrayList<>(answer.elements());
        networks.sort(Comparator.comparing(network -> network.text("Name")));
        boolean full = arguments.is("no-trunc");
        for (Json network : networks) {
            String id = network.text("Id");
            listing.add(
                    List.of(
                            full ? id : Words.shortId(id),
                            network.text("Name"),
                            network.text("Driver"),
                            network.text("Scope"),
                            "" + (network.at("EnableIPv4").isEmpty() || network.is("EnableIPv4")),
                            "" + network.is("EnableIPv6"),
                            "" + network.is("Internal"),
                            Words.labels(network.at("Labels")),
                            Times.go(Times.parse(network.text("Created")), session.zone())),
                    key -> network.at("Labels").text(key));
        }
        String format = arguments.text("format");
        if (arguments.is("quiet") && format == null) {
            format = "{{.ID}}";
        }
        session.out().print(listing.format(Listing.chosen(format, "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}")));
        return 0;
    }
}

package dev.forno.engine.events;

import dev.forno.engine.Filters;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether an event passes filters, as Docker decides it. */
record EventMatch(Filters filters) {
    /** The keys that event streams know. */
    static final Set<String> FILTERS = Set.of(
            "type",
            "event",
            "container",
            "image",
            "volume",
            "network",
            "daemon",
            "label",
            "scope",
            "plugin",
            "service",
            "node",
            "secret",
            "config");

    private static final List<String> ACTORS = List.of("container", "volume", "network", "daemon");

    boolean accepts(Event event) {
        return filters.accepts("type", event.type())
                && filters.accepts("scope", "local")
                && acceptsAction(event.action())
                && filters.acceptsLabels(event.attributes())
                && ACTORS.stream().allMatch(type -> acceptsActor(type, event))
                && acceptsImage(event)
                && !filters.has("plugin")
                && !filters.has("service")
                && !filters.has("node")
                && !filters.has("secret")
                && !filters.has("config");
    }

    /** {@code exec_create} takes {@code exec_create: sh}, and the full text takes itself. */
    private boolean acceptsAction(String action) {
        return !filters.has("event")
                || filters.get("event").stream()
                        .anyMatch(wanted -> action.equals(wanted) || action.startsWith(wanted + ":"));
    }

    private boolean acceptsActor(String type, Event event) {
        if (!filters.has(type)) {
            return true;
        }
        if (!event.type().equals(type)) {
            return false;
        }
        Map<String, String> attributes = event.attributes();
        List<String> wanted = filters.get(type);
        String name = attributes.getOrDefault("name", "");
        return wanted.stream().anyMatch(w -> w.equals(name) || event.actorId().startsWith(w));
    }

    private boolean acceptsImage(Event event) {
        if (!filters.has("image")) {
            return true;
        }
        String key = event.type().equals("image") ? "name" : "image";
        String image = event.attributes().getOrDefault(key, "");
        return filters.get("image").stream()
                .anyMatch(wanted -> wanted.equals(image)
                        || wanted.equals(withoutTag(image))
                        || (event.type().equals("image")
                                && (wanted.equals(event.actorId()) || wanted.equals(withoutTag(event.actorId())))));
    }

    private static String withoutTag(String reference) {
        int at = reference.indexOf('@');
        String name = at < 0 ? reference : reference.substring(0, at);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }
}

package dev.forno.engine.containers;

import dev.forno.engine.events.Events;
import java.util.Map;
import java.util.TreeMap;

/** Publishes what happens to containers: labels, image and name go with every event. */
record ContainerEvents(Events events) {

    void publish(Container c, String action) {
        publish(c, action, Map.of());
    }

    void publish(Container c, String action, Map<String, String> more) {
        Map<String, String> attributes = new TreeMap<>(c.config().labels());
        attributes.put("image", c.config().image());
        attributes.put("name", c.name());
        attributes.putAll(more);
        events.publish("container", action, c.id(), attributes);
    }

    void network(Container c, String action, String network, String networkId) {
        events.publish("network", action, networkId, Map.of("container", c.id(), "name", network, "type", network));
    }

    void volume(Container c, String action, MountPoint mount) {
        events.publish(
                "volume",
                action,
                mount.name(),
                Map.of(
                        "container", c.id(),
                        "destination", mount.destination(),
                        "driver", mount.driver(),
                        "propagation", mount.propagation(),
                        "read/write", Boolean.toString(mount.writable())));
    }
}

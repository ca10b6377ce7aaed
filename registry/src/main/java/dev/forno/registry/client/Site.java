package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.hosts.Capability;
import dev.forno.registry.hosts.Host;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One host of a repository, spoken to from its first use on. A mirror that couldn't be reached isn't tried again. Thread-safe. */
final class Site {
    private final Host host;
    private final Function<Host, Session> opener;
    private @Nullable Session session;
    private @Nullable FornoException failure;

    Site(Host host, Function<Host, Session> opener) {
        this.host = host;
        this.opener = opener;
    }

    boolean can(Capability capability) {
        return host.capabilities().contains(capability);
    }

    boolean isMirror() {
        return host.mirror();
    }

    synchronized Session session() {
        if (session != null) {
            return session;
        }
        if (failure != null) {
            throw failure;
        }
        try {
            Session opened = opener.apply(host);
            session = opened;
            return opened;
        } catch (FornoException e) {
            if (host.mirror() && e.kind() != ErrorKind.CANCELLED) {
                failure = e;
            }
            throw e;
        }
    }
}

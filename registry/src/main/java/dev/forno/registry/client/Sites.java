package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.hosts.Capability;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The hosts of a repository in the order to try, the registry itself last. Thread-safe. */
record Sites(Reference name, List<Site> all) {
    /** What the first host gives that can and doesn't fail; if all fail, the last one's failure, which knows of the others. */
    <T> T any(Capability capability, Function<Session, T> work) {
        List<Site> able = able(capability);
        FornoException before = null;
        for (Site site : able) {
            try {
                return work.apply(site.session());
            } catch (FornoException e) {
                if (before != null) {
                    e.addSuppressed(before);
                }
                if (e.kind() == ErrorKind.CANCELLED
                        || site.equals(able.getLast())
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                before = e;
            }
        }
        throw new IllegalStateException("no host left");
    }

    /** As {@link #any}, for work without a result. */
    void anyDoes(Capability capability, Consumer<Session> work) {
        any(capability, session -> {
            work.accept(session);
            return Boolean.TRUE;
        });
    }

    /** The first host that takes content in. */
    Session forPush() {
        return able(Capability.PUSH).getFirst().session();
    }

    /** The same without mirrors. */
    Sites origin() {
        return new Sites(name, all.stream().filter(site -> !site.isMirror()).toList());
    }

    private List<Site> able(Capability capability) {
        List<Site> able = all.stream().filter(site -> site.can(capability)).toList();
        if (able.isEmpty()) {
            throw new FornoException(
                    ErrorKind.FAILED_PRECONDITION,
                    "find a host for " + name.familiarName() + ": none in its hosts.toml has the capability "
                            + capability.name().toLowerCase(java.util.Locale.ROOT));
        }
        return able;
    }
}

package dev.forno.registry.client;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.credentials.Credentials;
import java.util.function.Supplier;

/**
 * What is known to show to a registry.
 *
 * @param remark what to add to a refusal when there might be more, but it couldn't be found out; else the empty string
 */
record KnownCredentials(Credentials credentials, String remark) {
    /** What {@code source} gives; nobody's where it fails: much is open to everyone. */
    static KnownCredentials of(Supplier<Credentials> source) {
        try {
            return new KnownCredentials(source.get(), "");
        } catch (FornoException e) {
            if (e.kind() == ErrorKind.CANCELLED) {
                throw e;
            }
            return new KnownCredentials(Credentials.ANONYMOUS, "; " + e.getMessage());
        }
    }
}

package dev.forno.network.endpoints;

import java.util.List;

/**
 * What a recovery found.
 *
 * @param kept the endpoints that are there, as given
 * @param lost the endpoints whose namespace is gone, for instance after a restart of the machine; they were removed
 * @param warnings what could not be restored, in words: a port that another process has taken meanwhile
 */
public record Recovery(List<Endpoint> kept, List<Endpoint> lost, List<String> warnings) {
    public Recovery {
        kept = List.copyOf(kept);
        lost = List.copyOf(lost);
        warnings = List.copyOf(warnings);
    }
}

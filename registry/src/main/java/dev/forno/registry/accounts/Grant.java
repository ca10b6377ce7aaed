package dev.forno.registry.accounts;

import java.util.List;
import java.util.Set;

/** Rights in one repository, as a token carries them. */
public record Grant(String repository, Set<Right> rights) {
    /** Whether one of the grants gives the right. */
    public static boolean covers(List<Grant> grants, Right right, String repository) {
        return grants.stream()
                .anyMatch(grant ->
                        grant.repository().equals(repository) && grant.rights().contains(right));
    }
}

package dev.forno.runtime.confinement;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks users up in a container's own passwd and group files. Broken lines are passed over, as in the C library. */
public final class Users {
    private static final long MAX_ID = (1L << 31) - 1;

    private final List<Account> accounts;
    private final List<Group> groups;

    private record Account(String name, long uid, long gid) {}

    private record Group(String name, long gid, List<String> members) {}

    /**
     * Takes the files' contents.
     *
     * @param passwd {@code /etc/passwd}, empty when there is none
     * @param group {@code /etc/group}, empty when there is none
     */
    public Users(String passwd, String group) {
        accounts = passwd.lines().map(Users::account).flatMap(Optional::stream).toList();
        groups = group.lines().map(Users::group).flatMap(Optional::stream).toList();
    }

    /**
     * Resolves a user.
     *
     * @param spec {@code name|uid[:group|gid]}; empty is root
     * @param additional further groups by name or gid
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} when a name is unknown
     */
    public RuntimeSpec.User resolve(String spec, List<String> additional) {
        int colon = spec.indexOf(':');
        String user = colon < 0 ? spec : spec.substring(0, colon);
        String group = colon < 0 ? "" : spec.substring(colon + 1);
        OptionalLong uid = number(user);
        Predicate<Account> wanted = user.isEmpty()
                ? a -> a.uid == 0
                : a -> a.name.equals(user) || (uid.isPresent() && a.uid == uid.getAsLong());
        @Nullable Account account = accounts.stream().filter(wanted).findFirst().orElse(null);
        if (account == null && !user.isEmpty() && uid.isEmpty()) {
            throw invalid("unable to find user " + user + ": no matching entries in passwd file");
        }
        long id = account != null ? account.uid : checked(uid.orElse(0), "uids and gids must be in range 0-" + MAX_ID);
        Set<Long> all = new LinkedHashSet<>();
        long gid = account != null ? account.gid : 0;
        if (!group.isEmpty()) {
            gid = gidOf(group, "unable to find group " + group + ": no matching entries in group file");
        }
        all.add(gid);
        if (group.isEmpty() && account != null) {
            String name = account.name;
            groups.stream().filter(g -> g.members.contains(name)).forEach(g -> all.add(g.gid));
        }
        for (String one : additional) {
            all.add(gidOf(one, "Unable to find group " + one));
        }
        return new RuntimeSpec.User(id, gid, new ArrayList<>(all));
    }

    private long gidOf(String group, String unknown) {
        OptionalLong gid = number(group);
        return groups.stream()
                .filter(g -> g.name.equals(group) || (gid.isPresent() && g.gid == gid.getAsLong()))
                .mapToLong(g -> g.gid)
                .findFirst()
                .orElseGet(() ->
                        checked(gid.orElseThrow(() -> invalid(unknown)), "uids and gids must be in range 0-" + MAX_ID));
    }

    private static long checked(long id, String message) {
        if (id > MAX_ID) {
            throw invalid(message);
        }
        return id;
    }

    private static Optional<Account> account(String line) {
        String[] fields = line.strip().split(":", -1);
        if (fields.length < 4 || fields[0].isEmpty()) {
            return Optional.empty();
        }
        OptionalLong uid = number(fields[2]);
        OptionalLong gid = number(fields[3]);
        return uid.isPresent() && gid.isPresent()
                ? Optional.of(new Account(fields[0], uid.getAsLong(), gid.getAsLong()))
                : Optional.empty();
    }

    private static Optional<Group> group(String line) {
        String[] fields = line.strip().split(":", -1);
        if (fields.length < 3 || fields[0].isEmpty()) {
            return Optional.empty();
        }
        List<String> members = fields.length > 3 ? Arrays.asList(fields[3].split(",", -1)) : List.of();
        OptionalLong gid = number(fields[2]);
        return gid.isPresent() ? Optional.of(new Group(fields[0], gid.getAsLong(), members)) : Optional.empty();
    }

    private static OptionalLong number(String text) {
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static FornoException invalid(String message) {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, message);
    }
}

package dev.forno.registry.accounts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may do what in which repositories. A line names users, repositories and rights:
 *
 * <pre>
 * # user      repositories   rights
 * anonymous   public/**      pull
 * *           team/**        pull,push
 * ann,bob     **             pull,push,delete
 * </pre>
 *
 * {@code anonymous} is everyone, {@code *} every user with a password. In repositories {@code *} stands for a part of a name
 * without slashes, {@code **} for any. All lines that fit count together; what none grants is refused. Thread-safe.
 */
public final class Rights {
    /** What lines call those who didn't say who they are. */
    public static final String ANONYMOUS = "anonymous";

    private static final String EVERY_USER = "*";

    private final WatchedFile<List<Rule>> file;

    /**
     * Reads the file.
     *
     * @param everyone whether clients can be served that don't say who they are
     * @throws FornoException {@link ErrorKind#INVALID_ARGUMENT} naming the line
     */
    public Rights(Path path, boolean everyone) {
        file = new WatchedFile<>(path, lines -> parse(path, lines, everyone));
    }

    private record Rule(Set<String> users, Pattern repositories, Set<Right> rights) {
        boolean fits(Optional<String> user, String repository) {
            boolean named = users.contains(ANONYMOUS)
                    || user.filter(name -> users.contains(EVERY_USER) || users.contains(name))
                            .isPresent();
            return named && repositories.matcher(repository).matches();
        }
    }

    /** Whether a user, or everyone when empty, has a right. */
    public boolean allow(Optional<String> user, Right right, String repository) {
        return file.get().stream().anyMatch(rule -> rule.rights().contains(right) && rule.fits(user, repository));
    }

    private static List<Rule> parse(Path path, List<String> lines, boolean everyone) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = "read " + path + ", line " + (i + 1) + ": ";
            String[] words = line.split("\\s+");
            if (words.length != 3) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, where + "expected users, repositories and rights");
            }
            Set<String> users = Set.copyOf(List.of(words[0].split(",")));
            if (users.contains(ANONYMOUS) && !everyone) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        where + "\"" + ANONYMOUS
                                + "\" needs --token (in an engine --registry-token): clients that are asked for a"
                                + " password send nothing without one");
            }
            rules.add(new Rule(users, glob(words[1]), rights(words[2], where)));
        }
        return List.copyOf(rules);
    }

    private static Set<Right> rights(String words, String where) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : words.split(",")) {
            rights.add(Right.of(word)
                    .orElseThrow(() -> new FornoException(
                            ErrorKind.INVALID_ARGUMENT,
                            where + "\"" + word + "\" is no right; there are pull, push and delete")));
        }
        return rights;
    }

    private static Pattern glob(String text) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '*') {
                pattern.append(Pattern.quote(String.valueOf(c)));
            } else if (text.startsWith("**", i)) {
                pattern.append(".*");
                i++;
            } else {
                pattern.append("[^/]*");
            }
        }
        return Pattern.compile(pattern.toString());
    }
}

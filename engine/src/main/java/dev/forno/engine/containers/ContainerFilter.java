package dev.forno.engine.containers;

import dev.forno.engine.Filters;
import dev.forno.engine.containers.Containers.ContainerQuery;
import dev.forno.engine.images.Images;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Which containers a list shows, as Docker decides it. */
final class ContainerFilter {
    private static final Set<String> KNOWN = Set.of(
            "ancestor",
            "before",
            "exited",
            "expose",
            "health",
            "id",
            "is-task",
            "isolation",
            "label",
            "label!",
            "name",
            "network",
            "publish",
            "since",
            "status",
            "volume");
    private static final Set<String> STATUSES =
            Set.of("created", "running", "paused", "restarting", "removing", "exited", "dead");
    private static final Comparator<Container> NEWEST_FIRST =
            Comparator.comparing(Container::created).reversed().thenComparing(Container::id);

    private final ContainerRecords records;
    private final Images images;
    private final Filters filters;

    /** Checks the filters; throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's texts. */
    ContainerFilter(ContainerRecords records, Images images, Filters filters) {
        this.records = records;
        this.images = images;
        this.filters = filters;
        filters.requireKnown(KNOWN);
        for (String status : filters.get("status")) {
            if (!STATUSES.contains(status)) {
                throw OptionChecks.invalid("invalid filter 'status=" + status + "'");
            }
        }
        for (String code : filters.get("exited")) {
            if (!code.matches("-?\\d{1,9}")) {
                throw OptionChecks.invalid("invalid filter 'exited=" + code + "'");
            }
        }
    }

    List<Container> apply(ContainerQuery query) {
        boolean everyState = query.all()
                || query.limit() > 0
                || filters.has("status")
                || filters.has("exited")
                || filters.has("before")
                || filters.has("since");
        List<String> ancestors = filters.has("ancestor") ? ancestors() : List.of();
        Stream<Container> passing = records.values().stream()
                .filter(c -> everyState || c.state().status().hasTask())
                .filter(this::byIdentity)
                .filter(this::byState)
                .filter(c -> !filters.has("ancestor") || isDescendant(c, ancestors))
                .filter(this::byPlace)
                .filter(byAge())
                .sorted(NEWEST_FIRST);
        return (query.limit() > 0 ? passing.limit(query.limit()) : passing).toList();
    }

    private boolean byIdentity(Container c) {
        return (!filters.has("id") || filters.get("id").stream().anyMatch(c.id()::startsWith))
                && (!filters.has("name") || filters.get("name").stream().anyMatch(n -> named(c, n)))
                && filters.acceptsLabels(c.config().labels())
                && !filters.excludesLabels(c.config().labels());
    }

    private static boolean named(Container c, String wanted) {
        try {
            Pattern pattern = Pattern.compile(wanted);
            return pattern.matcher("/" + c.name()).find()
                    || pattern.matcher(c.name()).find();
        } catch (PatternSyntaxException e) {
            return c.name().contains(wanted);
        }
    }

    private boolean byState(Container c) {
        ContainerState state = c.state();
        boolean ended = state.status() == ContainerStatus.EXITED;
        return filters.accepts("status", state.status().word())
                && (!filters.has("exited")
                        || (ended && filters.get("exited").contains(Integer.toString(state.exitCode()))))
                && filters.accepts("health", "none")
                && filters.accepts("isolation", "default")
                && !filters.flag("is-task", false);
    }

    private boolean byPlace(Container c) {
        return (!filters.has("volume") || filters.get("volume").stream().anyMatch(v -> mounts(c, v)))
                && (!filters.has("network") || filters.get("network").stream().anyMatch(n -> joined(c, n)))
                && (!filters.has("publish")
                        || filters.get("publish").stream()
                                .anyMatch(p -> PortFilter.parse(p).published(c)))
                && (!filters.has("expose")
                        || filters.get("expose").stream()
                                .anyMatch(p -> PortFilter.parse(p).exposed(c)));
    }

    private static boolean mounts(Container c, String wanted) {
        return c.mounts().stream()
                .anyMatch(m -> wanted.equals(m.name()) || wanted.equals(m.source()) || wanted.equals(m.destination()));
    }

    private static boolean joined(Container c, String wanted) {
        return c.network().networks().entrySet().stream()
                .anyMatch(n -> n.getKey().equals(wanted)
                        || (!wanted.isEmpty() && n.getValue().networkId().startsWith(wanted)));
    }

    private Predicate<Container> byAge() {
        List<Container> before = find("before");
        List<Container> since = find("since");
        return c -> before.stream().allMatch(b -> c.created().isBefore(b.created()))
                && since.stream().allMatch(s -> c.created().isAfter(s.created()));
    }

    private List<Container> find(String key) {
        return filters.get(key).stream().map(ref -> records.find(ref).value()).toList();
    }

    /** The ids of the named images; a name that is no image matches no container. */
    private List<String> ancestors() {
        return filters.get("ancestor").stream()
                .flatMap(name -> {
                    try {
                        return Stream.of(images.resolve(name).id().toString());
                    } catch (FornoException e) {
                        if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.INVALID_ARGUMENT) {
                            return Stream.empty();
                        }
                        throw e;
                    }
                })
                .toList();
    }

    private boolean isDescendant(Container c, List<String> ancestors) {
        return ancestors.contains(c.imageId())
                || filters.get("ancestor").contains(c.config().image().toLowerCase(Locale.ROOT));
    }
}

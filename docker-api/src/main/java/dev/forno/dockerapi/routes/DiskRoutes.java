package dev.forno.dockerapi.routes;

import dev.forno.dockerapi.models.PruneDocuments;
import dev.forno.dockerapi.models.UsageDocuments;
import dev.forno.dockerapi.models.UsageDocuments.DiskUsage;
import dev.forno.dockerapi.requests.Answers;
import dev.forno.dockerapi.requests.ApiRequest;
import dev.forno.dockerapi.requests.RouteTable;
import dev.forno.engine.builds.Builds;
import dev.forno.engine.images.ImageRemoval;
import dev.forno.engine.system.Housekeeping;
import dev.forno.engine.system.SystemService;
import dev.forno.http.server.Response;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Disk space: what everything holds, and the removal of all that is not used. */
public final class DiskRoutes {
    /** Docker's kinds, and Forno's own: the account of every byte. */
    private static final Set<String> KINDS = Set.of("container", "image", "volume", "build-cache", "storage");

    private final SystemService system;
    private final Housekeeping housekeeping;
    private final ImageRemoval images;
    private final Builds builds;
    private final InstantSource clock;

    /** Creates the group over the services that it uses. */
    public DiskRoutes(
            SystemService system, Housekeeping housekeeping, ImageRemoval images, Builds builds, InstantSource clock) {
        this.system = system;
        this.housekeeping = housekeeping;
        this.images = images;
        this.builds = builds;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(RouteTable routes) {
        routes.get("/system/df", this::usage);
        routes.post("/system/prune", this::prune);
    }

    private void usage(ApiRequest request, Response response) throws IOException {
        List<String> asked = request.texts("type");
        for (String kind : asked) {
            if (!KINDS.contains(kind)) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "unknown object type: " + kind);
            }
        }
        UsageDocuments.Parts parts = new UsageDocuments.Parts(
                request.flag("verbose"),
                !request.version().atLeast(44),
                !request.version().atLeast(42));
        DiskUsage document = parts.of(
                isWanted(asked, "image") ? images.usage() : null,
                isWanted(asked, "container") ? system.containersUsage() : null,
                isWanted(asked, "volume") ? system.volumesUsage() : null,
                isWanted(asked, "build-cache") ? builds.cache() : null,
                asked.contains("storage") ? housekeeping.account() : null,
                clock.instant());
        Answers.json(response, DiskUsage.class, document);
    }

    private static boolean isWanted(List<String> asked, String kind) {
        return asked.isEmpty() || asked.contains(kind);
    }

    private void prune(ApiRequest request, Response response) throws IOException {
        Housekeeping.Request wanted =
                new Housekeeping.Request(request.flag("all"), request.flag("volumes"), request.filters());
        Housekeeping.Report report = request.isDry() ? housekeeping.tryPrune(wanted) : housekeeping.prune(wanted);
        Answers.json(response, PruneDocuments.SystemPruned.class, PruneDocuments.of(report));
    }
}

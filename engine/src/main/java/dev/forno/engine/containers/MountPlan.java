package dev.forno.engine.containers;

import dev.forno.engine.containers.PlannedMount.Kind;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * All mounts of a container to be: what other containers lend, over it what was asked for, and anonymous volumes where
 * nothing else is mounted. Pure: nothing is made here.
 *
 * @param inherited mounts taken over from other containers, as they are
 * @param planned mounts to be made
 */
record MountPlan(List<MountPoint> inherited, List<PlannedMount> planned) {

    /**
     * Plans; throws with Docker's texts.
     *
     * @param lenders finds the containers of {@code --volumes-from}
     */
    static MountPlan of(
            ContainerConfig merged, HostOptions.StorageOptions storage, Function<String, Container> lenders) {
        Map<String, MountPoint> inherited = new LinkedHashMap<>();
        for (String from : storage.volumesFrom()) {
            lent(from, lenders).forEach(m -> inherited.put(m.destination(), m));
        }
        Map<String, PlannedMount> planned = new LinkedHashMap<>();
        storage.binds().forEach(b -> put(planned, BindSpec.parse(b)));
        storage.mounts().forEach(m -> put(planned, MountSpecs.parse(m)));
        storage.tmpfs().forEach((path, options) -> put(planned, MountSpecs.tmpfs(path, options)));
        planned.keySet().forEach(inherited::remove);
        for (String path : merged.volumes()) {
            String destination = Paths.clean(path);
            if (!path.startsWith("/") || destination.equals("/")) {
                throw OptionChecks.invalid("invalid volume specification: '" + path + "'");
            }
            if (!planned.containsKey(destination) && !inherited.containsKey(destination)) {
                planned.put(destination, PlannedMount.volume("", destination, true, "", false));
            }
        }
        // what --tmpfs asks stays in the options and is mounted from there
        storage.tmpfs().keySet().forEach(path -> planned.remove(Paths.clean(path)));
        return new MountPlan(List.copyOf(inherited.values()), List.copyOf(planned.values()));
    }

    /** Whether a volume among the mounts may need the image's content. */
    boolean mayCopy() {
        return planned.stream().anyMatch(p -> p.kind() == Kind.VOLUME && !p.noCopy());
    }

    private static void put(Map<String, PlannedMount> planned, PlannedMount mount) {
        if (planned.putIfAbsent(mount.destination(), mount) != null) {
            throw OptionChecks.invalid("Duplicate mount point: " + mount.destination());
        }
    }

    private static List<MountPoint> lent(String from, Function<String, Container> lenders) {
        int colon = from.indexOf(':');
        String mode = colon < 0 ? "rw" : from.substring(colon + 1);
        boolean readOnly = mode.contains("ro");
        if (from.isEmpty()
                || !List.of("rw", "ro", "z", "Z", "ro,z", "ro,Z", "rw,z", "rw,Z")
                        .contains(mode)) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid volumes-from specification: " + from);
        }
        Container lender = lenders.apply(colon < 0 ? from : from.substring(0, colon));
        List<MountPoint> lent = new ArrayList<>();
        for (MountPoint m : lender.mounts()) {
            if (!m.type().equals("tmpfs")) {
                lent.add(readOnly ? m.readOnly() : m);
            }
        }
        return lent;
    }
}

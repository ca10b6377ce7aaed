package dev.forno.engine.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.engine.containers.HostOptions.StorageOptions;
import dev.forno.engine.containers.PlannedMount.Kind;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountPlanTest {
    private static MountPlan plan(StorageOptions storage, String... volumes) {
        ContainerConfig c = ContainerConfig.of("app");
        ContainerConfig config = new ContainerConfig(
                c.image(),
                c.cmd(),
                c.entrypoint(),
                c.env(),
                c.labels(),
                c.user(),
                c.workingDir(),
                c.hostname(),
                c.domainname(),
                c.stdio(),
                c.exposedPorts(),
                Set.of(volumes),
                c.stopSignal(),
                c.stopTimeout(),
                c.healthcheck(),
                c.networkDisabled(),
                c.onBuild(),
                c.shell());
        return MountPlan.of(config, storage, ref -> {
            throw new AssertionError("nobody lends");
        });
    }

    private static StorageOptions binds(String... binds) {
        return new StorageOptions(List.of(binds), List.of(), Map.of(), List.of(), "");
    }

    private static StorageOptions mount(String type, String source, String target) {
        MountRequest request = new MountRequest(type, source, target, false, "", null, null, null);
        return new StorageOptions(List.of(), List.of(request), Map.of(), List.of(), "");
    }

    private static String refusal(Runnable work) {
        return assertThrows(FornoException.class, work::run).getMessage();
    }

    @Test
    void bindsAndVolumesAreToldApartByTheSlash() {
        List<PlannedMount> planned =
                plan(binds("/host:/a:ro,rslave", "data:/b:nocopy")).planned();
        assertEquals(Kind.BIND, planned.get(0).kind());
        assertFalse(planned.get(0).writable());
        assertEquals("rslave", planned.get(0).propagation());
        assertEquals(Kind.VOLUME, planned.get(1).kind());
        assertTrue(planned.get(1).noCopy());
    }

    @Test
    void malformedBindsAreRefusedWithDockersTexts() {
        assertEquals("invalid volume specification: '/a:/b:ro:x'", refusal(() -> plan(binds("/a:/b:ro:x"))));
        assertEquals("invalid mode: rx", refusal(() -> plan(binds("/a:/b:rx"))));
        assertEquals(
                "invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid mount path: 'b'"
                        + " mount path must be absolute",
                refusal(() -> plan(binds("/a:b"))));
        assertEquals(
                "invalid volume specification: '/a:/x/..': invalid mount config for type \"bind\": invalid"
                        + " specification: destination can't be '/'",
                refusal(() -> plan(binds("/a:/x/.."))));
        assertEquals("Duplicate mount point: /b", refusal(() -> plan(binds("/a:/b", "c:/b/"))));
    }

    @Test
    void mountsAreRefusedWithDockersTexts() {
        assertEquals(
                "invalid mount config for type \"bind\": bind source path does not exist: /no/such",
                refusal(() -> plan(mount("bind", "/no/such", "/a"))));
        assertEquals(
                "invalid mount config for type \"bind\": field Source must not be empty",
                refusal(() -> plan(mount("bind", "", "/a"))));
        assertEquals(
                "invalid mount config for type \"volume\": field Target must not be empty",
                refusal(() -> plan(mount("volume", "v", ""))));
        assertEquals(
                "invalid mount config for type \"floppy\": mount type unknown",
                refusal(() -> plan(mount("floppy", "", "/a"))));
    }

    @Test
    void whatIsAskedForReplacesAnonymousVolumes() {
        MountPlan plan = plan(binds("data:/var/lib"), "/var/lib/", "/other");
        assertEquals(
                List.of("/var/lib", "/other"),
                plan.planned().stream().map(PlannedMount::destination).toList());
        assertEquals("", plan.planned().get(1).source());
    }

    @Test
    void tmpfsStaysAnOptionAndCoversAnonymousVolumes() {
        StorageOptions tmpfs = new StorageOptions(List.of(), List.of(), Map.of("/run", "size=64k"), List.of(), "");
        assertTrue(plan(tmpfs, "/run").planned().isEmpty());
        StorageOptions bad = new StorageOptions(List.of(), List.of(), Map.of("/run", "sise=64k"), List.of(), "");
        assertEquals("invalid tmpfs option [\"sise=64k\"]", refusal(() -> plan(bad)));
    }
}

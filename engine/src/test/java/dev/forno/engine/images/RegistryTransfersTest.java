package dev.forno.engine.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forno.engine.Filters;
import dev.forno.engine.Trial;
import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Platform;
import dev.forno.oci.Reference;
import dev.forno.registry.client.RegistryFiles;
import dev.forno.registry.client.RegistryOptions;
import dev.forno.registry.faults.Exchanged;
import dev.forno.registry.faults.Fault;
import dev.forno.registry.faults.FaultProxy;
import dev.forno.store.contents.BlobStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real registry. */
class RegistryTransfersTest {
    private static final Path SKOPEO = Path.of("/usr/bin/skopeo");

    @TempDir
    Path directory;

    RegistryProcess registry;
    ImageFixture fixture;
    ImageTransfers transfers;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(RegistryProcess.isInstalled(), "docker-registry is not installed");
        registry = RegistryProcess.start(directory);
        fixture = new ImageFixture(new PlainStore(directory.resolve("store"), keepsTars()));
        transfers = fixture.services.transfers();
    }

    /** Whether images made here have plain layers, which a push compresses. */
    boolean keepsTars() {
        return false;
    }

    @AfterEach
    void close() {
        fixture.close();
        registry.close();
    }

    Reference reference(String name) {
        return Reference.parse(registry.host() + "/" + name);
    }

    void push(String name) {
        transfers.push(reference(name), RegistryAuth.NONE, fixture.progress::add);
    }

    Image pull(String name) {
        return transfers.pull(PullRequest.of(reference(name)), fixture.progress::add);
    }

    Set<String> blobs() {
        Set<String> blobs = new HashSet<>();
        for (BlobStat blob : fixture.store.content().list()) {
            blobs.add(blob.digest() + " " + blob.size());
        }
        return blobs;
    }

    boolean told(String text) {
        return fixture.progress.stream().anyMatch(step -> step.toString().contains(text));
    }

    @Test
    void bringsAnImageBackDigestForDigest() {
        Image image = fixture.image(
                List.of("a", "b", "c"), null, reference("team/app").toString());
        Set<String> before = blobs();
        push("team/app:latest");
        ImageDetails details = fixture.services.images().inspect(image.id().hex());
        String digest = String.valueOf(
                details.manifest() == null ? null : details.manifest().digest());
        assertEquals(List.of(registry.host() + "/team/app@" + digest), details.repoDigests());
        assertTrue(told("Pushed[tag=latest, digest=" + digest));
        List<String> removed = fixture.remove(registry.host() + "/team/app", false);
        assertEquals(
                List.of(
                        "Untagged: " + registry.host() + "/team/app:latest",
                        "Untagged: " + registry.host() + "/team/app@" + digest),
                removed.subList(0, 2));
        assertEquals(Set.of(), blobs());
        fixture.progress.clear();
        assertEquals(image, pull("team/app"));
        assertEquals(before, blobs());
        assertEquals(new Progress.Status("latest", "Pulling from team/app"), fixture.progress.getFirst());
        assertTrue(told("Pull complete"));
        assertEquals(
                new Progress.Status(null, "Status: Downloaded newer image for " + registry.host() + "/team/app:latest"),
                fixture.progress.getLast());
        fixture.progress.clear();
        pull("team/app");
        assertTrue(told("Already exists"));
        assertTrue(told("Image is up to date"));
        assertEquals(
                image,
                transfers.pull(
                        PullRequest.of(Reference.parse(registry.host() + "/team/app@" + digest)),
                        Progress.Listener.NONE));
    }

    @Test
    void pushesOnlyWhatIsMissing() {
        fixture.image(
                List.of("a", "b"),
                null,
                reference("one").toString(),
                reference("two").toString());
        push("one:latest");
        assertTrue(told("status=Pushed"));
        fixture.progress.clear();
        push("two:latest");
        assertTrue(told("Mounted from one"));
        assertFalse(told("status=Pushed]"));
        fixture.progress.clear();
        push("one:latest");
        assertTrue(told("Layer already exists"));
        fixture.services.images().tag(reference("one").toString(), reference("one:v2"));
        fixture.progress.clear();
        push("one");
        assertTrue(told("Pushed[tag=latest"));
        assertTrue(told("Pushed[tag=v2"));
        assertTrue(fixture.events.contains("push"));
    }

    @Test
    void fetchesOnceForManyWhoPull() {
        Image image =
                fixture.image(List.of("a", "b", "c"), null, reference("app").toString());
        push("app:latest");
        fixture.remove(image.id().hex(), false);
        fixture.progress.clear();
        List<Runnable> pulls = List.of(() -> pull("app"), () -> pull("app"), () -> pull("app"));
        Parallel.run("pull three times", pulls);
        assertEquals(image, fixture.services.images().resolve(registry.host() + "/app"));
        long verified = fixture.progress.stream()
                .filter(step -> step.toString().contains("Verifying Checksum"))
                .count();
        assertEquals(3, verified, "each layer is fetched by one of them");
    }

    @Test
    void pullsAllTags() {
        fixture.image(List.of("a"), null, reference("app:v1").toString());
        fixture.image(List.of("b"), null, reference("app:v2").toString());
        push("app");
        fixture.remove(registry.host() + "/app:v1", false);
        fixture.remove(registry.host() + "/app:v2", false);
        transfers.pull(new PullRequest(reference("app"), true, null, RegistryAuth.NONE), Progress.Listener.NONE);
        assertEquals(2, fixture.services.images().list(ImageFilter.ALL).size());
    }

    @Test
    void namesWhatIsMissing() {
        assertEquals(
                "NOT_FOUND manifest for " + registry.host()
                        + "/none:latest not found: manifest unknown: manifest unknown",
                ImageFixture.failure(() -> pull("none")));
        assertEquals(
                "NOT_FOUND An image does not exist locally with the tag: " + registry.host() + "/none",
                ImageFixture.failure(() -> push("none:latest")));
        fixture.image(List.of("a"), null, reference("some").toString());
        assertEquals(
                "NOT_FOUND tag does not exist: " + registry.host() + "/some:other",
                ImageFixture.failure(() -> push("some:other")));
        assertEquals(
                List.of(),
                fixture.progress.stream()
                        .filter(Progress.Pushed.class::isInstance)
                        .toList());
    }

    @Test
    void warnsOfAnotherPlatform() {
        fixture.image(List.of("a"), null, reference("app").toString());
        push("app:latest");
        Platform other = Platform.of("linux", "s390x", null);
        transfers.pull(
                new PullRequest(reference("app:latest"), false, other, RegistryAuth.NONE), fixture.progress::add);
        assertTrue(told("does not match the specified platform (linux/s390x)"));
    }

    @Test
    void speaksWithSkopeo() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(SKOPEO), "skopeo is not installed");
        Image image = fixture.image(List.of("a", "b"), null, reference("app").toString());
        push("app:latest");
        String remote = "docker://" + registry.host() + "/app";
        String digest = fixture.services
                .images()
                .inspect(reference("app").toString())
                .repoDigests()
                .getFirst();
        String inspected = RegistryProcess.run(List.of(SKOPEO.toString(), "inspect", "--tls-verify=false", remote));
        assertTrue(inspected.contains(digest.substring(digest.indexOf('@') + 1)), inspected);
        // Docker schema 2, as skopeo writes it, comes back with the same configuration.
        RegistryProcess.run(List.of(
                SKOPEO.toString(),
                "copy",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                "--format",
                "v2s2",
                remote,
                "docker://" + registry.host() + "/copy:v2s2"));
        Image copy = pull("copy:v2s2");
        assertEquals(image.layers(), copy.layers());
        Descriptor manifest = fixture.services
                .images()
                .inspect(registry.host() + "/copy:v2s2")
                .manifest();
        assertEquals(
                "application/vnd.docker.distribution.manifest.v2+json", manifest == null ? "" : manifest.mediaType());
        Path archive = directory.resolve("image.tar");
        try (var out = Files.newOutputStream(archive);
                ImageArchives.Saved saved = fixture.services.archives().save(List.of(registry.host() + "/app"), null)) {
            saved.writeTo(out);
        }
        String fromArchive = RegistryProcess.run(
                List.of(SKOPEO.toString(), "inspect", "--format", "{{.Layers}}", "docker-archive:" + archive));
        assertTrue(fromArchive.contains(image.layers().getFirst().hex()), fromArchive);
        Path layout = Files.createDirectory(directory.resolve("layout"));
        RegistryProcess.run(List.of("tar", "-C", layout.toString(), "-xf", archive.toString()));
        String fromLayout = RegistryProcess.run(List.of(SKOPEO.toString(), "inspect", "oci:" + layout + ":latest"));
        assertTrue(fromLayout.contains(digest.substring(digest.indexOf('@') + 1)), fromLayout);
        loadsFromSkopeo(image, remote);
    }

    private void loadsFromSkopeo(Image image, String remote) throws IOException, InterruptedException {
        for (String form : List.of("docker-archive", "oci-archive")) {
            Path archive = directory.resolve(form + ".tar");
            RegistryProcess.run(List.of(
                    SKOPEO.toString(),
                    "copy",
                    "--src-tls-verify=false",
                    remote,
                    form + ":" + archive + ":example/loaded:" + form));
            try (var in = Files.newInputStream(archive);
                    ImageFixture other = new ImageFixture(directory.resolve("store-" + form))) {
                Image loaded = other.services
                        .archives()
                        .load(in, false, other.progress::add)
                        .getFirst();
                assertEquals(image.layers(), loaded.layers(), form);
                assertEquals(List.of("example/loaded:" + form), other.tagsOf(loaded));
            }
        }
    }

    @Test
    void provesWhoAsks() throws IOException {
        registry.close();
        // "sesame" in bcrypt, as htpasswd -B writes it.
        Path users = Files.writeString(
                directory.resolve("htpasswd"), "ana:$2y$05$ReKY8YyIS7vHbtxDUyxsDeaQso7bPNOr8IicyGSeipWLwOw4HctQ2\n");
        registry = RegistryProcess.start(directory, "auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n");
        fixture.image(List.of("a"), null, reference("app").toString());
        FornoException e = assertThrows(FornoException.class, () -> push("app:latest"));
        assertEquals(ErrorKind.UNAUTHENTICATED, e.kind());
        assertTrue(e.getMessage().endsWith("no basic auth credentials"), e.getMessage());
        RegistryAuth auth = RegistryAuth.basic("ana", "sesame");
        assertEquals("", transfers.login(registry.host(), auth));
        assertThrows(FornoException.class, () -> transfers.login(registry.host(), RegistryAuth.basic("ana", "open")));
        transfers.push(reference("app:latest"), auth, fixture.progress::add);
        transfers.pull(new PullRequest(reference("app:latest"), false, null, auth), fixture.progress::add);
    }

    @Test
    void goesOnWithWhatAnInterruptedPullLeft() throws IOException {
        Image image = fixture.image(List.of("a"), null, reference("app").toString());
        push("app:latest");
        Descriptor layer = dev.forno.oci.Documents.manifest(fixture.store
                        .content()
                        .readAll(
                                dev.forno.oci.Digest.parse(fixture.services
                                        .images()
                                        .inspect(image.id().hex())
                                        .repoDigests()
                                        .getFirst()
                                        .replaceAll(".*@", "")),
                                1 << 20))
                .layers()
                .getFirst();
        byte[] blob = fixture.store.content().readAll(layer.contentDigest(), 1 << 20);
        fixture.remove(image.id().hex(), false);
        for (boolean damaged : List.of(false, true)) {
            try (var ingest = fixture.store.content().ingest(layer.digest())) {
                byte[] part = blob.clone();
                part[5] ^= (byte) (damaged ? 1 : 0);
                ingest.write(part, 0, 50);
            }
            pull("app");
            assertArrayEquals(blob, fixture.store.content().readAll(layer.contentDigest(), 1 << 20));
            fixture.remove(image.id().hex(), false);
        }
    }

    @Test
    void keepsWhatABrokenPullBroughtUntilAllIsPruned() throws IOException {
        try (FaultProxy proxy = FaultProxy.before(registry.host())) {
            Reference name = Reference.parse(proxy.address() + "/app:latest");
            fixture.image(List.of("a", "b"), null, name.toString());
            transfers.push(name, RegistryAuth.NONE, fixture.progress::add);
            fixture.remove(name.toString(), false);
            assertEquals(Set.of(), blobs());
            // The configuration and one layer arrive.
            proxy.at("GET", "/blobs/", 2, Integer.MAX_VALUE, Fault.status(503));
            FornoException broken = assertThrows(
                    FornoException.class, () -> transfers.pull(PullRequest.of(name), fixture.progress::add));
            assertEquals(ErrorKind.UNAVAILABLE, broken.kind(), broken.getMessage());
            Set<String> arrived = blobs();
            assertTrue(arrived.size() >= 2, arrived.toString());
            fixture.services.removal().prune(ImageFilter.forPrune(Filters.NONE, fixture.now));
            assertEquals(arrived, blobs());
            ImageFilter all = ImageFilter.forPrune(new Filters(Map.of("dangling", List.of("false"))), fixture.now);
            long expected =
                    fixture.services.removal().tryPrune(all, new Trial()).reclaimed();
            assertEquals(arrived, blobs());
            assertTrue(expected > 0);
            assertEquals(expected, fixture.services.removal().prune(all).reclaimed());
            assertEquals(Set.of(), blobs());
        }
    }

    @Test
    void fetchesFromTheRegistryItselfWhatAMirrorGivesWrongly() throws IOException {
        Image image = fixture.image(List.of("a", "b"), null, reference("app").toString());
        push("app:latest");
        try (FaultProxy mirror = FaultProxy.before(registry.host())) {
            Path folder = Files.createDirectories(directory.resolve("certs.d").resolve(registry.host()));
            Files.writeString(
                    folder.resolve("hosts.toml"),
                    "[host.\"http://" + mirror.address() + "\"]\ncapabilities = [\"pull\", \"resolve\"]\n");
            mirror.always("GET", "/blobs/", new Fault.Corrupt(20));
            RegistryOptions options = RegistryOptions.DEFAULT.withFiles(
                    new RegistryFiles(List.of(directory.resolve("certs.d")), List.of(), null));
            try (ImageFixture other = new ImageFixture(new PlainStore(directory.resolve("other")), options)) {
                assertEquals(
                        image, other.services.transfers().pull(PullRequest.of(reference("app")), other.progress::add));
            }
            List<String> asked =
                    mirror.log("GET .*/blobs/").stream().map(Exchanged::path).toList();
            assertEquals(3, asked.size(), "configuration and layers, each once: " + asked);
            assertEquals(3, Set.copyOf(asked).size(), asked.toString());
        }
    }

    @Test
    void keepsDocumentsUnderTheDigestThatNamesThem() throws IOException {
        HostileImage image = HostileImage.of(List.of(ImageFixture.tar("file", "text")));
        try (HostileRegistry other = new HostileRegistry()) {
            other.serve(image);
            Digest digest = Digest.of(
                    new Digest("sha512", "0".repeat(128)).newAccumulator().digest(image.manifest()), "sha512");
            Reference byDigest = Reference.parse(other.image()).withDigest(digest);
            transfers.pull(PullRequest.of(byDigest), fixture.progress::add);
            assertArrayEquals(image.manifest(), fixture.store.content().readAll(digest, 1 << 20));
            fixture.roots.collect(fixture.store);
            fixture.services.images().tag(byDigest.toString(), reference("copy:1"));
            push("copy:1");
            assertTrue(told("Pushed[tag=1"));
        }
        fixture.remove(reference("copy:1").toString(), true);
        assertEquals(Digest.of(image.config()), pull("copy:1").id());
    }
}

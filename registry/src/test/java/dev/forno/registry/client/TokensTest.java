package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.credentials.Credentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry with a token server at the same address. */
class TokensTest {
    private static final byte[] MANIFEST = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST
                    + "\",\"config\":{\"mediaType\":\"" + MediaTypes.OCI_CONFIG + "\",\"size\":0,\"digest\":\""
                    + Digest.of(new byte[0]) + "\"},\"layers\":[]}")
            .getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private ScriptedRegistry registry;
    private RegistryClient client;
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final AtomicInteger issued = new AtomicInteger();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String refused = "";
    private volatile boolean broken;

    @BeforeEach
    void open() throws IOException {
        registry = new ScriptedRegistry();
        registry.guard = exchange -> {
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (exchange.getRequestURI().getPath().equals("/token")) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                asked.add(exchange.getRequestMethod() + " "
                        + exchange.getRequestURI().getQuery() + " " + body + " " + authorization);
                if (broken) {
                    broken = false;
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('{');
                    throw new IOException("cut off");
                }
                return refused.isEmpty()
                        ? ScriptedRegistry.answer(
                                exchange, 200, "{\"token\":\"t" + issued.incrementAndGet() + "\",\"expires_in\":300}")
                        : ScriptedRegistry.answer(exchange, 401, refused);
            }
            if (authorization.equals("Bearer t" + issued.get())) {
                return false;
            }
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\",service=\"s\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        registry.putManifest("team/app", "v1", MediaTypes.OCI_MANIFEST, MANIFEST);
        client = client(RegistryFiles.NONE);
    }

    private RegistryClient client(RegistryFiles files) {
        return new RegistryClient(RegistryOptions.DEFAULT
                .withFiles(files)
                .withPatience(Patience.DEFAULT.withTime(() -> now, pause -> {})));
    }

    @AfterEach
    void close() {
        client.close();
        registry.close();
    }

    private Reference reference() {
        return Reference.parse(registry.host() + "/team/app:v1");
    }

    private Repository repository(Credentials credentials) {
        return client.open(reference(), credentials, Access.PULL);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keepsTokensBetweenOperationsUntilShortlyBeforeTheirEnd() {
        repository(Credentials.ANONYMOUS).manifest(reference());
        repository(Credentials.ANONYMOUS).manifest(reference());
        assertEquals(1, asked.size());
        now = now.plusSeconds(269);
        repository(Credentials.ANONYMOUS).manifest(reference());
        assertEquals(1, asked.size());
        now = now.plusSeconds(2);
        repository(Credentials.ANONYMOUS).manifest(reference());
        assertEquals(2, asked.size(), "renewed before its end");
        repository(Credentials.basic("ana", "s3cret")).manifest(reference());
        assertEquals(3, asked.size(), "each user has own tokens");
        assertEquals(
                "GET service=s&scope=repository:team/app:pull&account=ana  " + basic("ana:s3cret"), asked.getLast());
    }

    @Test
    void asksAgainWhenATokenBreaksOff() {
        broken = true;
        repository(Credentials.ANONYMOUS).manifest(reference());
        assertEquals(2, asked.size());
    }

    @Test
    void exchangesAnIdentityToken() {
        repository(new Credentials("", "", "refresh me", "")).manifest(reference());
        assertEquals(
                "POST null grant_type=refresh_token&client_id=forno&service=s&refresh_token=refresh+me"
                        + "&scope=repository%3Ateam%2Fapp%3Apull null",
                asked.getFirst());
    }

    @Test
    void asksForBothRepositoriesToMount() {
        byte[] bytes = {1, 2};
        Repository repository = client.open(reference(), Credentials.ANONYMOUS, Access.PUSH);
        repository.push(
                Descriptor.of(MediaTypes.OCI_LAYER, Digest.of(bytes), bytes.length),
                () -> new ByteArrayInputStream(bytes),
                "team/base",
                n -> {});
        assertTrue(
                asked.stream()
                        .anyMatch(one ->
                                one.contains("scope=repository:team/app:pull,push&scope=repository:team/base:pull")),
                asked.toString());
    }

    @Test
    void usesTheEnginesOwnCredentials() throws IOException {
        Path config = Files.writeString(
                directory.resolve("config.json"),
                "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\""
                        + basic("eve:own").substring(6) + "\"}}}");
        client.close();
        client = client(new RegistryFiles(List.of(), List.of(), config));
        repository(Credentials.ANONYMOUS).manifest(reference());
        assertTrue(asked.getLast().endsWith(basic("eve:own")), asked.toString());
        repository(Credentials.basic("ana", "s3cret")).manifest(reference());
        assertTrue(asked.getLast().endsWith(basic("ana:s3cret")), "the client's go first");
    }

    @Test
    void tellsNoSecrets() {
        refused = "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"incorrect username or password\"}]}";
        for (Credentials secret : List.of(
                Credentials.basic("ana", "s3cret"),
                new Credentials("", "", "s3cret", ""),
                new Credentials("", "", "", "s3cret"))) {
            FornoException e =
                    assertThrows(FornoException.class, () -> repository(secret).manifest(reference()));
            assertEquals(ErrorKind.UNAUTHENTICATED, e.kind());
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            assertFalse(trace.toString().contains("s3cret"), trace.toString());
            assertFalse(trace.toString().contains(basic("ana:s3cret").substring(6)), trace.toString());
            assertFalse(secret.toString().contains("s3cret"));
        }
    }

    /** Much is open to everyone; what isn't is refused with the reason why nothing was shown. */
    @Test
    void asksAsNobodyWhereAHelperFails() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), "{\"credsStore\":\"missing\"}");
        client.close();
        client = client(new RegistryFiles(List.of(), List.of(), config));
        Reference reference = Reference.parse(registry.host() + "/team/app:v1");
        assertArrayEquals(MANIFEST, manifest(reference).bytes());
        assertTrue(asked.getFirst().endsWith(" null"), asked.toString());
        String why = "; error getting credentials - docker-credential-missing: executable file not found in the"
                + " engine's PATH";
        // No token without a name.
        refused = "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who is it\"}]}";
        client.close();
        client = client(new RegistryFiles(List.of(), List.of(), config));
        FornoException e = assertThrows(FornoException.class, () -> manifest(reference));
        assertEquals(ErrorKind.UNAUTHENTICATED, e.kind());
        assertEquals("unauthorized: who is it" + why, e.getMessage());
        // A token that is not enough.
        refused = "";
        ScriptedRegistry.Handler usual = registry.guard;
        registry.guard = exchange -> {
            if (!exchange.getRequestURI().getPath().contains("/manifests/")) {
                return usual.handle(exchange);
            }
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://" + registry.host() + "/token\",error=\"insufficient_scope\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        e = assertThrows(FornoException.class, () -> manifest(reference));
        assertTrue(e.getMessage().startsWith("pull access denied for "), e.getMessage());
        assertTrue(e.getMessage().endsWith(why), e.getMessage());
        // No name at all.
        registry.guard = exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"here\"");
            return ScriptedRegistry.answer(exchange, 401, "");
        };
        e = assertThrows(FornoException.class, () -> manifest(reference));
        assertTrue(e.getMessage().endsWith(": no basic auth credentials" + why), e.getMessage());
        // What is hidden from nobody.
        registry.guard = exchange -> false;
        e = assertThrows(FornoException.class, () -> manifest(reference.withTag("v2")));
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
        assertTrue(e.getMessage().endsWith(" not found: manifest unknown: manifest unknown" + why), e.getMessage());
        // What isn't about credentials stays as it is.
        registry.next.add(ScriptedRegistry.failing(400));
        e = assertThrows(FornoException.class, () -> manifest(reference));
        assertTrue(e.getMessage().endsWith(": 400"), e.getMessage());
    }

    private ManifestDocument manifest(Reference reference) {
        return client.open(reference, Credentials.ANONYMOUS, Access.PULL).manifest(reference);
    }
}

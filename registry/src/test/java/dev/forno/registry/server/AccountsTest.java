package dev.forno.registry.server;

import static dev.forno.registry.server.Served.expect;
import static dev.forno.registry.server.Served.header;
import static dev.forno.registry.server.Served.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.accounts.Rights;
import dev.forno.registry.documents.RecordJson;
import dev.forno.registry.documents.TokenDocument;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, by password and by token. */
@Timeout(60)
class AccountsTest {
    private static final String ANN = basic("ann", "secret");
    private static final String BOB = basic("bob", "hunter2");

    @TempDir
    Path directory;

    private Served passwords;
    private Served tokens;

    @BeforeEach
    void open() throws IOException {
        users("secret");
        Files.writeString(directory.resolve("rights"), """
                # users     repositories  rights
                *           public/**     pull
                *           team/*        pull,push
                ann         **            pull,push,delete
                """);
        Files.writeString(directory.resolve("rights-of-all"), """
                anonymous   public/**     pull
                *           team/*        pull,push
                ann         **            pull,push,delete
                """);
        Path htpasswd = directory.resolve("htpasswd");
        passwords = new Served(
                directory.resolve("a"),
                Served.with(new Users(htpasswd, Optional.of(directory.resolve("rights")), Optional.empty())));
        tokens = new Served(directory.resolve("b"), withTokens(Optional.empty()));
    }

    private RegistrySettings withTokens(Optional<URI> publicUrl) {
        return Served.with(new Users(
                directory.resolve("htpasswd"),
                Optional.of(directory.resolve("rights-of-all")),
                Optional.of(new Users.TokenService(directory.resolve("key"), publicUrl))));
    }

    @AfterEach
    void close() {
        passwords.close();
        tokens.close();
    }

    private void users(String ann) throws IOException {
        Files.writeString(directory.resolve("htpasswd"), "ann:" + hash(ann) + "\nbob:" + hash("hunter2") + "\n");
    }

    private static String hash(String password) {
        return BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, password.toCharArray());
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Test
    void passwordsAreAskedFor() throws Exception {
        HttpResponse<byte[]> refused = expect(401, "UNAUTHORIZED", passwords.get("/v2/"));
        assertEquals("Basic realm=\"Forno registry\", charset=\"UTF-8\"", header(refused, "WWW-Authenticate"));
        expect(200, passwords.as(ANN).get("/v2/"));
        expect(401, passwords.as(basic("ann", "wrong")).get("/v2/"));
        expect(401, passwords.as(basic("nobody", "secret")).get("/v2/"));
        expect(401, passwords.as(basic("ann", "")).get("/v2/"));
        expect(401, passwords.as("Basic %%%").get("/v2/"));
        expect(401, passwords.as("Bearer abc").get("/v2/"));
    }

    @Test
    void rightsCountByRepository() throws Exception {
        passwords.as(ANN).image("public/a/b", "latest", "layer");
        passwords.image("team/a", "latest", "layer");
        passwords.image("other", "latest", "layer");
        passwords.as(BOB);
        expect(200, passwords.get("/v2/public/a/b/manifests/latest"));
        expect(200, passwords.get("/v2/team/a/manifests/latest"));
        expect(202, passwords.send("POST", "/v2/team/a/blobs/uploads/"));
        expect(403, "DENIED", passwords.send("DELETE", "/v2/team/a/manifests/latest"));
        expect(403, "DENIED", passwords.send("POST", "/v2/team/a/deeper/blobs/uploads/"));
        expect(403, "DENIED", passwords.get("/v2/other/manifests/latest"));
        expect(403, "DENIED", passwords.send("POST", "/v2/public/a/b/blobs/uploads/"));
        assertEquals("{\"repositories\":[\"public/a/b\",\"team/a\"]}", text(passwords.get("/v2/_catalog")));
        passwords.as("");
        expect(401, passwords.get("/v2/public/a/b/manifests/latest"));
        expect(401, passwords.get("/v2/team/a/manifests/latest"));
        expect(401, passwords.get("/v2/_catalog"));
        expect(202, passwords.as(ANN).send("DELETE", "/v2/other/manifests/latest"));
    }

    @Test
    void blobsAreMountedOnlyFromWhereTheCallerMayRead() throws Exception {
        Digest secret = passwords.as(ANN).blob("other", "secret layer".getBytes(StandardCharsets.UTF_8));
        String start = "/v2/team/a/blobs/uploads/?mount=" + secret;
        passwords.as(BOB);
        expect(202, passwords.send("POST", start + "&from=other"));
        expect(202, passwords.send("POST", start));
        expect(404, passwords.get("/v2/team/a/blobs/" + secret));
        expect(201, passwords.as(ANN).send("POST", start));
    }

    @Test
    void blobsAreMountedOnlyFromWhatATokenGrants() throws Exception {
        Digest secret = tokens.as(ANN).blob("other", "secret layer".getBytes(StandardCharsets.UTF_8));
        String start = "/v2/team/a/blobs/uploads/?mount=" + secret;
        String own = "repository:team/a:pull,push";
        tokens.as("Bearer " + grant(ANN, own).value());
        expect(202, tokens.send("POST", start + "&from=other"));
        expect(202, tokens.send("POST", start));
        expect(404, tokens.get("/v2/team/a/blobs/" + secret));
        tokens.as("Bearer " + grant(ANN, own + " repository:other:pull").value());
        expect(201, tokens.send("POST", start + "&from=other"));
    }

    @Test
    void filesAreReadAgain() throws Exception {
        expect(200, passwords.as(ANN).get("/v2/"));
        users("changed");
        expect(401, passwords.get("/v2/"));
        expect(200, passwords.as(basic("ann", "changed")).get("/v2/"));
        // what can't be understood does not count
        Files.writeString(directory.resolve("htpasswd"), "ann:plain\n");
        expect(200, passwords.get("/v2/"));
        Files.writeString(directory.resolve("rights"), "bob ** pull,push\n");
        expect(403, passwords.get("/v2/team/a/manifests/latest"));
        expect(404, passwords.as(BOB).get("/v2/team/a/manifests/latest"));
    }

    @Test
    void guessingIsSlow() throws Exception {
        passwords.as(basic("ann", "guess"));
        for (int i = 0; i < 20; i++) {
            expect(401, passwords.get("/v2/"));
        }
        HttpResponse<byte[]> refused = expect(429, "TOOMANYREQUESTS", passwords.get("/v2/"));
        assertTrue(Integer.parseInt(header(refused, "Retry-After")) > 0);
        expect(429, passwords.as(ANN).get("/v2/"));
        passwords.pass(Duration.ofSeconds(61));
        expect(200, passwords.get("/v2/"));
    }

    @Test
    void guessingInParallelIsAsSlow() throws Exception {
        passwords.as(basic("nobody", "guess"));
        List<Callable<Integer>> guesses =
                Collections.nCopies(40, () -> passwords.get("/v2/").statusCode());
        List<Integer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> guess : threads.invokeAll(guesses)) {
                answers.add(guess.get());
            }
        }
        assertEquals(20, Collections.frequency(answers, 401), answers::toString);
        assertEquals(20, Collections.frequency(answers, 429), answers::toString);
    }

    @Test
    void anEmptyPairIsNobodyAndNoGuess() throws Exception {
        tokens.as(ANN).image("public/a", "latest", "layer");
        String nobody = basic("", "");
        for (int i = 0; i < 25; i++) {
            expect(401, passwords.as(nobody).get("/v2/"));
            tokens.as("Bearer " + grant(nobody, "repository:public/a:pull").value());
            expect(200, tokens.get("/v2/public/a/manifests/latest"));
        }
        expect(200, passwords.as(ANN).get("/v2/"));
    }

    @Test
    void rightsOfEveryoneNeedTokens() throws Exception {
        Path all = directory.resolve("rights-of-all");
        FornoException refused = assertThrows(FornoException.class, () -> new Rights(all, false));
        assertEquals(ErrorKind.INVALID_ARGUMENT, refused.kind());
        assertEquals(
                "read " + all
                        + ", line 1: \"anonymous\" needs --token (in an engine --registry-token): clients that are asked for a"
                        + " password send nothing without one",
                refused.getMessage());
        // the same while it is served: the earlier rights stay in force
        Files.writeString(directory.resolve("rights"), "anonymous,bob ** pull,push,delete\n");
        expect(401, passwords.get("/v2/team/a/manifests/latest"));
        expect(403, passwords.as(BOB).get("/v2/other/manifests/latest"));
    }

    @Test
    void tokensAreGivenWhereTheRegistryIsReached() throws Exception {
        HttpResponse<byte[]> direct = expect(401, tokens.get("/v2/", "X-Forwarded-Proto", "https"));
        assertTrue(
                header(direct, "WWW-Authenticate").startsWith("Bearer realm=\"http://" + tokens.host() + "/token\","));
        URI url = URI.create("https://registry.example.com:8443/");
        try (Served behind = new Served(directory.resolve("c"), withTokens(Optional.of(url)))) {
            assertEquals(
                    "Bearer realm=\"https://registry.example.com:8443/token\",service=\"forno-registry\"",
                    header(expect(401, behind.get("/v2/")), "WWW-Authenticate"));
        }
        for (String wrong : List.of("registry.example.com", "ftp://x", "https://x/v2", "https://u@x", "https://x?y")) {
            Optional<URI> address = Optional.of(URI.create(wrong));
            Path key = directory.resolve("key");
            assertThrows(FornoException.class, () -> new Users.TokenService(key, address), wrong);
        }
    }

    private TokenDocument token(String path) throws IOException, InterruptedException {
        return RecordJson.read(
                TokenDocument.class, expect(200, tokens.get(path)).body());
    }

    private static String scope(String scope) {
        return "/token?service=forno-registry&scope=" + URLEncoder.encode(scope, StandardCharsets.UTF_8);
    }

    @Test
    void tokensGrantWhatIsAskedForAndAllowed() throws Exception {
        tokens.as(ANN).image("team/a", "latest", "layer");
        tokens.as("");
        HttpResponse<byte[]> refused = expect(401, tokens.send("POST", "/v2/team/a/blobs/uploads/"));
        assertEquals(
                "Bearer realm=\"http://" + tokens.host() + "/token\",service=\"forno-registry\","
                        + "scope=\"repository:team/a:pull,push\"",
                header(refused, "WWW-Authenticate"));
        expect(401, tokens.as(basic("bob", "wrong")).get(scope("repository:team/a:pull")));
        TokenDocument pull = grant(BOB, "repository:team/a:pull");
        assertEquals(300L, pull.expiresIn());
        tokens.as("Bearer " + pull.value());
        expect(200, tokens.get("/v2/"));
        expect(200, tokens.get("/v2/team/a/manifests/latest"));
        HttpResponse<byte[]> more = expect(401, tokens.send("POST", "/v2/team/a/blobs/uploads/"));
        assertTrue(header(more, "WWW-Authenticate").endsWith(",error=\"insufficient_scope\""));
        tokens.as("Bearer " + grant(BOB, "repository:team/a:pull,push,delete").value());
        expect(202, tokens.send("POST", "/v2/team/a/blobs/uploads/"));
        expect(403, "DENIED", tokens.send("DELETE", "/v2/team/a/manifests/latest"));
    }

    private TokenDocument grant(String credentials, String scope) throws IOException, InterruptedException {
        tokens.as(credentials);
        return token(scope(scope));
    }

    @Test
    void tokensEnd() throws Exception {
        tokens.as("Bearer " + grant(ANN, "repository:team/a:pull").value());
        expect(404, tokens.get("/v2/team/a/manifests/latest"));
        tokens.pass(Duration.ofMinutes(5));
        HttpResponse<byte[]> refused = expect(401, tokens.get("/v2/team/a/manifests/latest"));
        assertTrue(header(refused, "WWW-Authenticate").contains("error=\"invalid_token\""));
    }

    @Test
    void forgedTokensAreRefused() throws Exception {
        String token = grant(BOB, "repository:team/a:pull").value();
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replace("\"bob\"", "\"ann\"");
        String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
        for (String bad : new String[] {
            parts[0] + "." + forged + "." + parts[2], none + "." + parts[1] + ".", "a.b.c", "x", parts[0] + ".%.%"
        }) {
            expect(401, tokens.as("Bearer " + bad).get("/v2/team/a/manifests/latest"));
        }
    }

    @Test
    void aRefreshTokenStandsForThePasswordUntilThatChanges() throws Exception {
        tokens.as(ANN);
        String refresh =
                token("/token?service=forno-registry&offline_token=true").refreshToken();
        tokens.as("");
        String form =
                "grant_type=refresh_token&service=forno-registry&scope=repository:team/a:pull&refresh_token=" + refresh;
        HttpResponse<byte[]> answer = expect(200, tokens.send("POST", "/token", form.getBytes(StandardCharsets.UTF_8)));
        String access = RecordJson.read(TokenDocument.class, answer.body()).value();
        expect(404, tokens.as("Bearer " + access).get("/v2/team/a/manifests/latest"));
        // an access token is no refresh token, and the other way round
        expect(401, tokens.as("Bearer " + refresh).get("/v2/"));
        users("changed");
        expect(401, tokens.as("Bearer " + access).get("/v2/"));
        expect(401, tokens.as("").send("POST", "/token", form.getBytes(StandardCharsets.UTF_8)));
        expect(400, tokens.send("POST", "/token", "grant_type=other".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void tokensOutliveARestart() throws Exception {
        String token = grant(ANN, "repository:team/a:pull").value();
        tokens.restart();
        expect(404, tokens.as("Bearer " + token).get("/v2/team/a/manifests/latest"));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("key"))));
    }

    @Test
    void everyoneGetsATokenForEveryonesRights() throws Exception {
        tokens.as(ANN).image("public/a", "latest", "layer");
        tokens.as("Bearer " + grant("", "repository:public/a:pull,push").value());
        expect(200, tokens.get("/v2/public/a/manifests/latest"));
        expect(401, tokens.send("POST", "/v2/public/a/blobs/uploads/"));
    }
}

package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChallengeTest {
    private static List<Challenge> parse(String... values) {
        return Challenge.of(HttpHeaders.of(Map.of("WWW-Authenticate", List.of(values)), (a, b) -> true));
    }

    @Test
    void readsParameters() {
        assertEquals(
                List.of(new Challenge(
                        "bearer",
                        Map.of(
                                "realm",
                                "https://a.example/t?x=1,2",
                                "service",
                                "s \"q\"",
                                "scope",
                                "repository:a:pull,push"))),
                parse(
                        "Bearer realm=\"https://a.example/t?x=1,2\", service=\"s \\\"q\\\"\",scope=\"repository:a:pull,push\""));
    }

    @Test
    void readsSeveralChallengesOfOneHeaderAndOfMany() {
        List<Challenge> challenges = parse("Negotiate, Basic realm=x, Bearer realm=\"y\"", "Digest nonce = \"z\"");
        assertEquals(
                List.of("negotiate", "basic", "bearer", "digest"),
                challenges.stream().map(Challenge::scheme).toList());
        assertEquals("x", challenges.get(1).parameter("REALM".toLowerCase(java.util.Locale.ROOT)));
        assertEquals("z", challenges.get(3).parameter("nonce"));
    }

    @Test
    void survivesGarbage() {
        for (String text : List.of("", ",,,", "=", "\"", "Basic realm=\"unclosed", "a=b", "Bearer =x")) {
            parse(text);
        }
    }

    @Test
    void knowsLoopbackAndDockerHub() {
        assertTrue(RegistryAddress.isLoopback(URI.create("http://127.8.9.1:5000")));
        assertTrue(RegistryAddress.isLoopback(URI.create("http://[::1]:5000")));
        assertTrue(RegistryAddress.isLoopback(URI.create("http://localhost")));
        assertFalse(RegistryAddress.isLoopback(URI.create("http://127.evil.example")));
        assertEquals(
                List.of(URI.create("https://registry-1.docker.io")), RegistryAddress.candidates("docker.io", Set.of()));
        assertEquals("docker.io", RegistryAddress.ofServer("https://index.docker.io/v1/"));
        assertEquals("127.0.0.1:5000", RegistryAddress.ofServer("127.0.0.1:5000"));
        assertEquals(
                List.of(URI.create("https://r.lan:5000"), URI.create("http://r.lan:5000")),
                RegistryAddress.candidates("r.lan:5000", Set.of("r.lan:5000")));
    }

    @Test
    void choosesProxiesByEnvironment() {
        EnvironmentProxies proxies = EnvironmentProxies.of(
                Map.of("https_proxy", "http://proxy.example:3128", "NO_PROXY", "corp.example,.other.example"));
        assertEquals(
                "DIRECT",
                proxies.select(URI.create("https://r.corp.example"))
                        .getFirst()
                        .type()
                        .toString());
        assertEquals(
                "DIRECT",
                proxies.select(URI.create("https://127.0.0.1"))
                        .getFirst()
                        .type()
                        .toString());
        assertEquals(
                "DIRECT",
                proxies.select(URI.create("http://r.example")).getFirst().type().toString());
        assertEquals(
                "HTTP",
                proxies.select(URI.create("https://r.example"))
                        .getFirst()
                        .type()
                        .toString());
    }
}

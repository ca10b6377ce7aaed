package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
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
}

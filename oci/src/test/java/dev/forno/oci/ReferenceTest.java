package dev.forno.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "nginx, docker.io/library/nginx, nginx",
        "nginx:1.27, docker.io/library/nginx:1.27, nginx:1.27",
        "team/app, docker.io/team/app, team/app",
        "docker.io/nginx, docker.io/library/nginx, nginx",
        "index.docker.io/library/nginx, docker.io/library/nginx, nginx",
        "docker.io/library/a/b, docker.io/library/a/b, library/a/b",
        "localhost/app, localhost/app, localhost/app",
        "127.0.0.1:5000/app:x, 127.0.0.1:5000/app:x, 127.0.0.1:5000/app:x",
        "[::1]:5000/app, [::1]:5000/app, [::1]:5000/app",
        "ghcr.io/a/b__c/d-e.f, ghcr.io/a/b__c/d-e.f, ghcr.io/a/b__c/d-e.f",
        "Host/app, Host/app, Host/app",
    })
    void namesAreCompletedAsDockerDoes(String text, String complete, String familiar) {
        Reference reference = Reference.parse(text);
        assertEquals(complete, reference.toString());
        assertEquals(familiar, reference.familiar());
        assertEquals(reference, Reference.parse(reference.familiar()));
    }

    @Test
    void tagAndDigestAreKept() {
        Reference reference = Reference.parse("app:1@sha256:" + HEX);
        assertEquals("1", reference.optionalTag().orElseThrow());
        assertEquals("sha256:" + HEX, String.valueOf(reference.digest()));
        assertEquals(
                "docker.io/library/app@sha256:" + HEX,
                reference.withDigest(Digest.parse("sha256:" + HEX)).toString());
    }

    @Test
    void theDefaultTagIsForReferencesThatNameNothing() {
        assertEquals("app:latest", Reference.parse("app").withDefaultTag().familiar());
        assertEquals("app:2", Reference.parse("app:2").withDefaultTag().familiar());
        assertEquals(
                "app@sha256:" + HEX,
                Reference.parse("app@sha256:" + HEX).withDefaultTag().familiar());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "/",
                "a//b",
                "-a",
                "a:",
                "a:b c",
                "a@",
                "a@sha256:12",
                "a@md5:00",
                "../x",
                "a/../b",
                "a:b:c",
                "a b",
                "a\nb",
                "ä"
            })
    void malformedOnesAreRefused(String text) {
        FornoException e = assertThrows(FornoException.class, () -> Reference.parse(text));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
    }

    @Test
    void upperCaseAndBareIdsHaveTheirOwnTexts() {
        assertEquals(
                "invalid reference format: repository name (library/Nginx) must be lowercase",
                assertThrows(FornoException.class, () -> Reference.parse("Nginx"))
                        .getMessage());
        assertEquals(
                "invalid repository name (" + HEX + "), cannot specify 64-byte hexadecimal strings",
                assertThrows(FornoException.class, () -> Reference.parse(HEX)).getMessage());
    }

    @Test
    void namesAreBounded() {
        Reference.parse("a".repeat(200));
        assertThrows(FornoException.class, () -> Reference.parse("a".repeat(256)));
        assertThrows(FornoException.class, () -> Reference.parse("a:" + "t".repeat(129)));
    }
}

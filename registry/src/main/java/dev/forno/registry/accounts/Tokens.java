package dev.forno.registry.accounts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.registry.documents.ClaimsDocument;
import dev.forno.registry.documents.RecordJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Issues and verifies tokens: JSON web tokens (RFC 7519) signed with HMAC-SHA256, since who verifies them is who issues
 * them. Thread-safe.
 */
public final class Tokens {
    /** How long rights that were granted hold. */
    public static final Duration ACCESS_LIFETIME = Duration.ofMinutes(5);

    private static final Duration REFRESH_LIFETIME = Duration.ofDays(90);
    private static final String ISSUER = "forno";
    private static final String HEADER =
            encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII));
    private static final int KEY_BYTES = 32;
    private static final int LONGEST = 64 << 10;

    private final SecretKeySpec key;
    private final String service;
    private final InstantSource clock;

    private Tokens(byte[] key, String service, InstantSource clock) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.service = service;
        this.clock = clock;
    }

    /**
     * Opens the issuer whose key lies in a file, which is made when missing: tokens stay valid over a restart.
     *
     * @param service for whom the tokens are
     */
    public static Tokens open(Path file, String service, InstantSource clock) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != KEY_BYTES) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "read " + file + ": it is no key; remove it to have a new one made, users log in again then");
            }
            return new Tokens(key, service, clock);
        } catch (IOException e) {
            throw new FornoException(ErrorKind.INTERNAL, "read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void make(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(temporary, key);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A token that carries rights for a short while. */
    public String access(String user, String mark, List<Grant> grants) {
        List<ClaimsDocument.Entry> entries = grants.stream()
                .map(grant -> new ClaimsDocument.Entry(
                        "repository",
                        grant.repository(),
                        grant.rights().stream().map(Right::word).toList()))
                .toList();
        return issue(user, "access", mark, ACCESS_LIFETIME, entries);
    }

    /** A token that stands for the user's password until that changes. */
    public String refresh(String user, String mark) {
        return issue(user, "refresh", mark, REFRESH_LIFETIME, List.of());
    }

    private String issue(String user, String use, String mark, Duration lifetime, List<ClaimsDocument.Entry> entries) {
        Instant now = clock.instant();
        ClaimsDocument claims = new ClaimsDocument(
                ISSUER,
                user,
                service,
                now.getEpochSecond(),
                now.plus(lifetime).getEpochSecond(),
                UUID.randomUUID().toString(),
                use,
                mark,
                entries);
        String signed = HEADER + "." + encode(RecordJson.write(ClaimsDocument.class, claims));
        return signed + "." + encode(sign(signed));
    }

    /** Whom an access token names and what it grants, when it is valid. */
    public Optional<Holder> verifyAccess(String token) {
        return verify(token, "access");
    }

    /** Whom a refresh token names, when it is valid. */
    public Optional<Holder> verifyRefresh(String token) {
        return verify(token, "refresh");
    }

    /** What a valid token says; an empty user is anonymous. */
    public record Holder(String user, String mark, List<Grant> grants) {}

    private Optional<Holder> verify(String token, String use) {
        String[] parts = token.length() > LONGEST ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(HEADER)) {
            return Optional.empty();
        }
        try {
            byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
            if (!MessageDigest.isEqual(sign(parts[0] + "." + parts[1]), signature)) {
                return Optional.empty();
            }
            ClaimsDocument claims =
                    RecordJson.read(ClaimsDocument.class, Base64.getUrlDecoder().decode(parts[1]));
            boolean valid = claims.aud().equals(service)
                    && claims.use().equals(use)
                    && clock.instant().getEpochSecond() < claims.exp();
            return valid ? Optional.of(new Holder(claims.sub(), claims.mark(), grants(claims))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no base64
        }
    }

    private static List<Grant> grants(ClaimsDocument claims) {
        return Objects.requireNonNullElse(claims.access(), List.<ClaimsDocument.Entry>of()).stream()
                .map(entry -> new Grant(entry.name(), rights(entry.actions())))
                .toList();
    }

    private static Set<Right> rights(List<String> actions) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        actions.forEach(action -> Right.of(action).ifPresent(rights::add));
        return rights;
    }

    private byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

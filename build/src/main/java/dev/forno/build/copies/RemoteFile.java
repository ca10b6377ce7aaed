package dev.forno.build.copies;

import dev.forno.oci.Digest;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files that ADD fetches over http and https. Thread-safe. */
public final class RemoteFile {
    /** How the file is called where it is put. */
    public static final String FILE = "file";

    private static final long MAX_BYTES = 64L << 30;
    private static final Pattern DISPOSITION = Pattern.compile("(?i).*filename=\"?([^\";/]+)\"?.*");

    private RemoteFile() {}

    /** Whether a source is an address to fetch. */
    public static boolean isAddress(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    /** Whether a source is a git repository. */
    public static boolean isRepository(String source) {
        return source.startsWith("git://")
                || source.startsWith("git@")
                || source.startsWith("ssh://")
                || (isAddress(source) && source.replaceFirst("#.*", "").endsWith(".git"));
    }

    /**
     * Fetches a file as {@code directory/}{@link #FILE}, mode 0600, with the server's modification time (the epoch without one).
     *
     * @param checksum the digest that the content must have, or null
     * @param destination used when the address names no file
     * @return the file's name, empty when the address has none
     * @throws FornoException {@link ErrorKind#UNAVAILABLE} when it can't be fetched, {@link ErrorKind#DATA_LOSS} when the
     *     checksum differs
     */
    public static String fetch(String address, @Nullable String checksum, Path directory, String destination)
            throws IOException, InterruptedException {
        URI uri = uri(address);
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(30))
                .build()) {
            HttpResponse<InputStream> response;
            try {
                response = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
            } catch (IOException e) {
                throw new FornoException(ErrorKind.UNAVAILABLE, "failed to GET " + address + ": " + reason(e), e);
            }
            try (InputStream body = response.body()) {
                if (response.statusCode() >= 400) {
                    throw new FornoException(
                            ErrorKind.UNAVAILABLE,
                            "failed to GET " + address + " with status " + response.statusCode());
                }
                String name = name(uri, response);
                if (name.isEmpty() && destination.endsWith("/")) {
                    throw new FornoException(
                            ErrorKind.INVALID_ARGUMENT, "cannot determine filename for source " + address);
                }
                store(body, checksum, directory.resolve(FILE), address);
                Files.setLastModifiedTime(directory.resolve(FILE), FileTime.from(modified(response)));
                return name;
            }
        }
    }

    private static void store(InputStream body, @Nullable String checksum, Path file, String address)
            throws IOException {
        Digest expected = checksum == null ? null : Digest.parse(checksum);
        MessageDigest hash = expected == null ? Digest.newSha256() : expected.newAccumulator();
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (DigestInputStream in = new DigestInputStream(body, hash);
                var out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                if (total > MAX_BYTES) {
                    throw new FornoException(
                            ErrorKind.RESOURCE_EXHAUSTED, "GET " + address + ": more than " + MAX_BYTES + " bytes");
                }
                out.write(buffer, 0, n);
            }
        }
        if (expected != null) {
            Digest actual = Digest.of(hash.digest(), expected.algorithm());
            if (!actual.equals(expected)) {
                throw new FornoException(
                        ErrorKind.DATA_LOSS,
                        "digest mismatch for " + address + ": " + actual + ", expected " + expected);
            }
        }
    }

    private static URI uri(String address) {
        try {
            URI uri = URI.create(address);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new FornoException(ErrorKind.INVALID_ARGUMENT, "malformed address: " + address);
    }

    private static String name(URI uri, HttpResponse<?> response) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty()) {
            Matcher m = DISPOSITION.matcher(
                    response.headers().firstValue("Content-Disposition").orElse(""));
            name = m.matches() ? m.group(1) : "";
        }
        return name.equals(".") || name.equals("..") ? "" : name;
    }

    private static Instant modified(HttpResponse<?> response) {
        try {
            return response.headers()
                    .firstValue("Last-Modified")
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .orElse(Instant.EPOCH);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}

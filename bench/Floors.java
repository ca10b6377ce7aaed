import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The least that loading or pulling an image can take, measured with small programs: inflating and writing the bytes; and the
 * same while all bytes are hashed, in processes of their own, and with the file synced, as an engine has to which verifies what
 * it gets and loses nothing.
 */
final class Floors {
    private static final String HASH = "openssl dgst -sha256 >/dev/null";

    private final Path work;

    Floors(Path work) {
        this.work = work;
    }

    /**
     * Milliseconds.
     *
     * @param written for inflating and writing
     * @param kept for inflating, hashing, writing and syncing
     */
    record Least(double written, double kept) {
        static final Least UNKNOWN = new Least(Double.NaN, Double.NaN);
    }

    /** Of the archive's bytes. */
    Least load(Images.Sample sample) throws IOException {
        return new Least(
                timed("cat " + sample.archive() + " >" + out()),
                timed("tee " + out() + " <" + sample.archive() + " | " + HASH + "; sync " + out()));
    }

    /** Of the image's layers, inflated with ISA-L where its program is there. */
    Least pull(String reference) throws IOException {
        Path directory = work.resolve("floor");
        if (!Files.exists(directory.resolve(reference.replace('/', '_')))) {
            Commands.exec(Map.of(), "skopeo", "copy", "-q", "--src-tls-verify=false", "docker://" + reference,
                    "dir:" + Files.createDirectories(directory).resolve(reference.replace('/', '_'))).check();
        }
        String inflate = Commands.found("igzip") ? "igzip -dc" : "gzip -dc";
        StringBuilder plain = new StringBuilder("{ ");
        StringBuilder compressed = new StringBuilder("cat");
        for (Path blob : blobs(directory.resolve(reference.replace('/', '_')))) {
            plain.append(inflate).append(" <").append(blob).append("; ");
            compressed.append(' ').append(blob);
        }
        return new Least(
                timed(plain + "} >" + out()),
                timed(compressed + " | " + HASH + " & " + plain + "} | tee " + out() + " | " + HASH + "; sync " + out() + "; wait"));
    }

    private static List<Path> blobs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> startsAsGzip(file)).toList();
        }
    }

    private static boolean startsAsGzip(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.read() == 0x1f && in.read() == 0x8b;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path out() {
        return work.resolve("floor.out");
    }

    private double timed(String script) throws IOException {
        Files.deleteIfExists(out());
        double millis = Commands.shell(script).check().millis();
        Files.deleteIfExists(out());
        return millis;
    }
}

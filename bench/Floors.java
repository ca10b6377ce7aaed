import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What inflating and writing the bytes costs by itself: no engine can load or pull in less. */
final class Floors {
    private final Path work;

    Floors(Path work) {
        this.work = work;
    }

    /** Writing the archive's bytes. */
    double load(Images.Sample sample) throws IOException {
        return timed("cat " + sample.archive() + " >" + out());
    }

    /** Inflating the image's layers, with ISA-L where its program is there, and writing what comes out. */
    double pull(String reference) throws IOException {
        Path directory = work.resolve("floor");
        if (!Files.exists(directory.resolve(reference.replace('/', '_')))) {
            Commands.exec(Map.of(), "skopeo", "copy", "-q", "--src-tls-verify=false", "docker://" + reference,
                    "dir:" + Files.createDirectories(directory).resolve(reference.replace('/', '_'))).check();
        }
        String inflate = Commands.found("igzip") ? "igzip -dc" : "gzip -dc";
        StringBuilder script = new StringBuilder("{ ");
        for (Path blob : blobs(directory.resolve(reference.replace('/', '_')))) {
            script.append(inflate).append(" <").append(blob).append("; ");
        }
        return timed(script + "} >" + out());
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

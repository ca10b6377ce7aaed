package dev.forno.store.snapshots;

import dev.forno.linux.files.Root;
import dev.forno.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The lists of layers that snapshots have, each once, however many snapshots have it: a file that is synced when the first
 * of them is made. A snapshot then has only a symbolic link to the list's name, short enough to lie in the inode, so that
 * its being made durable needs no file of its own to be synced.
 */
final class LayerLists {
    private static final String UNFINISHED = ".";

    private final Path directory;

    LayerLists(Path directory) {
        this.directory = directory;
    }

    /** Keeps the list durably and returns its name. */
    String keep(List<Digest> diffIds) throws IOException {
        byte[] text = diffIds.stream()
                .map(d -> d + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        String name = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Digest.newSha256().digest(text));
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            write(file, text);
        }
        return name;
    }

    private void write(Path file, byte[] text) throws IOException {
        Path unfinished = Files.createTempFile(directory, UNFINISHED, "");
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        try (Root parent = Root.open(directory)) {
            parent.top().sync();
        }
    }

    List<Digest> read(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name), StandardCharsets.UTF_8).stream()
                .map(Digest::parse)
                .toList();
    }

    /** Removes all lists but these, and what a crash left. */
    void retain(Set<String> names) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!names.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }
}

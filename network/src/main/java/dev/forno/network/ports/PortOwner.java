package dev.forno.network.ports;

import dev.forno.network.endpoints.Protocol;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the process that has a port of the host, from {@code /proc}. For error texts: slow, and empty when in doubt. */
final class PortOwner {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";

    private PortOwner() {}

    /** The process as {@code process nginx, pid 123}. */
    static Optional<String> find(Protocol protocol, int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of(protocol.text(), protocol.text() + "6")) {
            sockets.addAll(sockets(PROC.resolve("self/net").resolve(table), protocol, port));
        }
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, sockets)) {
                    return Optional.of("process " + name(process) + ", pid " + process.getFileName());
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The links of the sockets in a table of the kernel that are bound to the port. */
    static Set<String> sockets(Path table, Protocol protocol, int port) {
        Set<String> sockets = new HashSet<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(table);
        } catch (IOException e) {
            return sockets; // no IPv6, no such protocol
        }
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length < 10 || !words[0].endsWith(":")) {
                continue;
            }
            String local = words[1];
            boolean same = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16) == port;
            if (same && (protocol != Protocol.TCP || words[3].equals(LISTEN))) {
                sockets.add("socket:[" + words[9] + "]");
            }
        }
        return sockets;
    }

    private static boolean has(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(target(descriptor))) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return false; // the process has ended
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}

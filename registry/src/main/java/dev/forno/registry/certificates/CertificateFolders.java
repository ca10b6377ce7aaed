package dev.forno.registry.certificates;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Folders as Docker's {@code certs.d}: in a folder named after a registry, {@code *.crt} are authorities, {@code *.cert} client
 * certificates and {@code *.key} their keys. Immutable; files are looked at on each call.
 */
public final class CertificateFolders {
    private final List<Path> roots;

    /** The folders {@code certs.d}, all of which count. */
    public CertificateFolders(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /** The existing folders for {@code host[:port]}. A colon may be spelled {@code host_port_}, as containerd does. */
    public List<Path> of(String host) {
        List<Path> found = new ArrayList<>();
        if (host.isEmpty() || host.contains("/") || host.startsWith(".")) {
            return found;
        }
        int colon = host.lastIndexOf(':');
        String spelled = colon < 0 ? host : host.substring(0, colon) + "_" + host.substring(colon + 1) + "_";
        for (Path root : roots) {
            for (String name : colon < 0 ? List.of(host) : List.of(host, spelled)) {
                Path folder = root.resolve(name);
                if (Files.isDirectory(folder)) {
                    found.add(folder);
                }
            }
        }
        return found;
    }

    /** The folders for registries that have none of their own. */
    public List<Path> others() {
        return of("_default");
    }

    /**
     * What the folders of {@code host[:port]} hold, when they hold anything.
     *
     * @throws FornoException {@link ErrorKind#FAILED_PRECONDITION} for a certificate without key or the other way round
     */
    public Optional<Trust> trust(String host) {
        Trust all = Trust.SYSTEM;
        for (Path folder : of(host)) {
            all = all.and(read(folder));
        }
        return all.authorities().isEmpty() && all.keys().isEmpty() ? Optional.empty() : Optional.of(all);
    }

    private static Trust read(Path folder) {
        List<Path> authorities = new ArrayList<>();
        List<Trust.KeyFiles> keys = new ArrayList<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".crt")) {
                authorities.add(file);
            } else if (name.endsWith(".cert")) {
                Path key = sibling(file, ".cert", ".key");
                require(key, "missing key " + key.getFileName() + " for client certificate " + file);
                keys.add(new Trust.KeyFiles(file, key));
            } else if (name.endsWith(".key")) {
                Path certificate = sibling(file, ".key", ".cert");
                require(
                        certificate,
                        "missing client certificate " + certificate.getFileName() + " for key " + file
                                + "; authorities are named *.crt, client certificates *.cert");
            }
        }
        return new Trust(List.copyOf(authorities), List.copyOf(keys), true, stamp(authorities, keys));
    }

    /** A number that is another one when one of the files has changed, be it to an older one. */
    public static long stamp(List<Path> authorities, List<Trust.KeyFiles> keys) {
        Stream<Path> ofKeys = keys.stream().flatMap(pair -> Stream.of(pair.certificate(), pair.key()));
        long stamp = 0;
        for (Path file : Stream.concat(authorities.stream(), ofKeys).toList()) {
            stamp = 31 * stamp + file.toFile().lastModified();
            stamp = 31 * stamp + file.toFile().length();
        }
        return stamp;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "read certificates in " + folder + ": " + e, e);
        }
    }

    private static Path sibling(Path file, String suffix, String other) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - suffix.length()) + other);
    }

    private static void require(Path file, String otherwise) {
        if (!Files.isRegularFile(file)) {
            throw new FornoException(ErrorKind.FAILED_PRECONDITION, "read certificates: " + otherwise);
        }
    }
}

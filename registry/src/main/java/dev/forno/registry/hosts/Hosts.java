package dev.forno.registry.hosts;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.oci.Reference;
import dev.forno.registry.certificates.CertificateFolders;
import dev.forno.registry.certificates.Trust;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the hosts that answer for a repository: {@code hosts.toml} of the registry's folder decides when there is one, else
 * the registry's table in {@code registries.conf}, else the name itself (with the mirrors of Docker Hub that the options
 * name). Immutable; files are read at each call, so that a change takes effect with the next pull.
 */
public final class Hosts {
    private static final Set<Capability> ALL = Set.copyOf(EnumSet.allOf(Capability.class));
    private static final Set<Capability> READ = Set.of(Capability.PULL, Capability.RESOLVE);

    /** A repository that stands for all; no setting is for it alone. */
    private static final String ANY = "any/repository";

    private final CertificateFolders folders;
    private final List<Path> configurations;
    private final InsecureRegistries insecure;
    private final List<String> hubMirrors;

    /**
     * @param folders {@code certs.d}
     * @param configurations places of {@code registries.conf}; the first that exists counts
     * @param hubMirrors addresses of mirrors of Docker Hub
     */
    public Hosts(
            CertificateFolders folders,
            List<Path> configurations,
            InsecureRegistries insecure,
            List<String> hubMirrors) {
        this.folders = folders;
        this.configurations = List.copyOf(configurations);
        this.insecure = insecure;
        this.hubMirrors = List.copyOf(hubMirrors);
    }

    /**
     * The hosts for a repository in the order to try; the last one is the registry itself.
     *
     * @throws FornoException {@link ErrorKind#PERMISSION_DENIED} for a blocked registry,
     *     {@link ErrorKind#FAILED_PRECONDITION} for files that can't be understood
     */
    public List<Host> of(Reference reference) {
        Optional<Path> file = hostsFile(reference.registry());
        if (file.isPresent()) {
            return byHostsToml(HostsToml.read(file.get()), reference);
        }
        Optional<RegistriesConf.Entry> entry = registriesConf().of(reference);
        if (entry.isPresent()) {
            return byRegistriesConf(entry.get(), reference);
        }
        List<Host> hosts = new ArrayList<>();
        if (reference.registry().equals(Reference.DOCKER_HUB)) {
            for (String mirror : hubMirrors) {
                hosts.add(at(mirror, reference.repository(), READ, true, false));
            }
        }
        hosts.add(plain(reference.registry(), reference.repository()));
        return hosts;
    }

    /**
     * The host that credentials for a registry are for: the registry itself as the files describe it, unless they put another
     * address in its place.
     */
    public Host forLogin(String registry) {
        Host plain = plain(registry, "");
        Host described = of(new Reference(registry, ANY, null, null)).getLast();
        return described.name().equals(plain.name()) ? described : plain;
    }

    private Host plain(String registry, String repository) {
        return at(Addresses.hostOf(registry), repository, ALL, false, insecure.contains(registry));
    }

    /** What is set for another address that a registry leads to, when anything is. */
    public Optional<Trust> elsewhere(URI address) {
        return trust(String.valueOf(address.getRawAuthority()));
    }

    private Optional<Path> hostsFile(String registry) {
        List<Path> candidates = new ArrayList<>(folders.of(registry));
        candidates.addAll(folders.others());
        return candidates.stream()
                .map(folder -> folder.resolve("hosts.toml"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private RegistriesConf registriesConf() {
        return configurations.stream()
                .filter(Files::exists)
                .findFirst()
                .map(RegistriesConf::read)
                .orElse(RegistriesConf.NONE);
    }

    private List<Host> byHostsToml(HostsToml toml, Reference reference) {
        List<Host> hosts = new ArrayList<>();
        for (HostsToml.Entry mirror : toml.mirrors()) {
            hosts.add(host(mirror, mirror.address(), reference, true));
        }
        URI named = toml.server().address();
        if (named.toString().isEmpty()) {
            Host own = plain(reference.registry(), reference.repository());
            Trust trust = own.trust().and(toml.server().trust());
            hosts.add(new Host(
                    own.name(),
                    own.bases(),
                    own.root(),
                    own.repository(),
                    "",
                    toml.server().capabilities(),
                    trust,
                    toml.server().headers(),
                    false));
        } else {
            hosts.add(host(toml.server(), named, reference, false));
        }
        return hosts;
    }

    private Host host(HostsToml.Entry entry, URI address, Reference reference, boolean mirror) {
        String path = address.getRawPath().replaceFirst("/+$", "");
        String root = path.endsWith("/v2") || entry.overridesPath() ? path : path + "/v2";
        Trust trust = trust(address.getAuthority()).orElse(Trust.SYSTEM).and(entry.trust());
        boolean other = !address.getAuthority().equals(Addresses.hostOf(reference.registry()));
        return new Host(
                address.getAuthority(),
                List.of(Addresses.uri(address.getScheme(), address.getAuthority())),
                root,
                reference.repository(),
                other ? reference.registry() : "",
                entry.capabilities(),
                trust,
                entry.headers(),
                mirror);
    }

    private List<Host> byRegistriesConf(RegistriesConf.Entry entry, Reference reference) {
        if (entry.blocked()) {
            throw new FornoException(
                    ErrorKind.PERMISSION_DENIED, "registry " + entry.prefix() + " is blocked in " + entry.file());
        }
        List<Host> hosts = new ArrayList<>();
        for (RegistriesConf.Place mirror : entry.mirrors()) {
            boolean byDigest = reference.digest() != null;
            boolean wanted =
                    switch (mirror.pulls()) {
                        case ALL -> true;
                        case BY_DIGEST -> byDigest;
                        case BY_TAG -> !byDigest;
                    };
            if (wanted) {
                hosts.add(at(RegistriesConf.moved(entry, mirror, reference), READ, true, mirror.insecure()));
            }
        }
        String place = RegistriesConf.moved(entry, entry.place(), reference);
        hosts.add(at(place, ALL, false, entry.place().insecure()));
        return hosts;
    }

    /** A place given as {@code host[:port]/path}. */
    private Host at(String place, Set<Capability> capabilities, boolean mirror, boolean trusting) {
        int slash = place.indexOf('/');
        String registry = place.substring(0, slash);
        return at(Addresses.hostOf(registry), place.substring(slash + 1), capabilities, mirror, trusting);
    }

    private Host at(String address, String repository, Set<Capability> capabilities, boolean mirror, boolean trusting) {
        String host = address.replaceFirst("^https?://", "").replaceFirst("/+$", "");
        URI plain = Addresses.uri("http", host);
        URI tls = Addresses.uri("https", host);
        Optional<Trust> own = trust(host);
        Trust trust = own.orElse(Trust.SYSTEM);
        List<URI> bases;
        if (address.startsWith("http://")) {
            bases = List.of(plain);
        } else if (Addresses.isLoopback(plain) && own.isEmpty()) {
            bases = List.of(plain, tls);
            trust = trust.unverified();
        } else if (trusting || insecure.contains(host)) {
            bases = List.of(tls, plain);
            trust = trust.unverified();
        } else {
            bases = List.of(tls);
        }
        return new Host(host, bases, "/v2", repository, "", capabilities, trust, Map.of(), mirror);
    }

    private Optional<Trust> trust(String host) {
        Optional<Trust> own = folders.trust(host);
        return own.isEmpty() && host.equals(Addresses.hostOf(Reference.DOCKER_HUB))
                ? folders.trust(Reference.DOCKER_HUB)
                : own;
    }
}

package dev.forno.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Documents;
import dev.forno.oci.Manifest;
import dev.forno.oci.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real registry, Debian's {@code docker-registry}, on a free port of 127.0.0.1. */
record Registry(Process process, int port, Path folder) implements AutoCloseable {
    static Registry start() {
        return start("");
    }

    /** A registry that asks for one user's password. */
    static Registry startWithPassword(String user, String password) {
        try {
            Path file = Scratch.folder("registry").resolve("htpasswd");
            String line =
                    Command.of("htpasswd", "-Bbn", user, password).run().ok().out();
            Files.writeString(file, line);
            return start("auth:\n  htpasswd:\n    realm: forno\n    path: " + file + "\n");
        } catch (IOException e) {
            throw new AssertionError("write the password file", e);
        }
    }

    private static Registry start(String auth) {
        try {
            Path folder = Files.createTempDirectory("forno-e2e-registry");
            int port = Host.freePort();
            Path config =
                    Files.writeString(folder.resolve("config.yml"), """
                    version: 0.1
                    log: {level: warn}
                    storage:
                      filesystem: {rootdirectory: %s}
                      delete: {enabled: true}
                    http: {addr: "127.0.0.1:%d"}
                    """.formatted(folder.resolve("data"), port) + auth);
            Process process =
                    Command.of("docker-registry", "serve", config.toString()).start(folder.resolve("log"));
            Registry registry = new Registry(process, port, folder);
            Host.eventually("registry on port " + port, registry::answers);
            return registry;
        } catch (IOException e) {
            throw new AssertionError("start a registry", e);
        }
    }

    /** {@code 127.0.0.1:port}, as image names spell it. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Whether an image is there whole: its manifest and every blob that it names. */
    boolean has(String repository, String tag, String image) {
        String base = "http://" + address() + "/v2/" + repository;
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/manifests/" + tag))
                            .header("Accept", MediaTypes.OCI_MANIFEST)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                return false;
            }
            Manifest manifest = Documents.manifest(answer.body());
            boolean there = image.isEmpty() || manifest.config().digest().equals(image);
            List<Descriptor> blobs = new ArrayList<>(manifest.layers());
            blobs.add(manifest.config());
            for (Descriptor blob : blobs) {
                HttpRequest head = HttpRequest.newBuilder(URI.create(base + "/blobs/" + blob.digest()))
                        .HEAD()
                        .build();
                there &= client.send(head, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            }
            return there;
        } catch (IOException e) {
            throw new AssertionError(e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Registry answers() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status = client.send(
                            HttpRequest.newBuilder(URI.create("http://" + address() + "/v2/"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            assertEquals(0, status == 200 || status == 401 ? 0 : status);
            return this;
        } catch (IOException e) {
            throw new AssertionError(e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Command.of("rm", "-rf", folder.toString()).run();
    }
}

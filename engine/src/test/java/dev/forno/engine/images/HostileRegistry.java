package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.oci.Digest;
import dev.forno.oci.MediaTypes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A registry of one repository, {@code hostile}, that answers what it was told to, one request for each connection. */
final class HostileRegistry implements AutoCloseable {
    private final ServerSocket server;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private byte[] manifest = {};
    private String type = MediaTypes.OCI_MANIFEST;

    HostileRegistry() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("hostile-registry").start(this::accept);
    }

    /** The name of the image. */
    String image() {
        return "127.0.0.1:" + server.getLocalPort() + "/hostile:latest";
    }

    /** Serves an image. */
    void serve(HostileImage image) {
        serve(image.manifest(), MediaTypes.OCI_MANIFEST);
        blob(Digest.of(image.config()), image.config());
        image.blobs().forEach(blob -> blob(Digest.of(blob), blob));
    }

    /** Serves a manifest and no blobs yet. */
    void serve(byte[] bytes, String contentType) {
        blobs.clear();
        manifest = bytes;
        type = contentType;
    }

    /** Serves bytes under a digest, whatever it says. */
    void blob(Digest digest, byte[] bytes) {
        blobs.put(digest.toString(), bytes);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
            String[] request = String.valueOf(in.readLine()).split(" ");
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                // the headers ask for nothing
            }
            send(client.getOutputStream(), request[0], request.length > 1 ? request[1] : "");
        } catch (IOException e) {
            return; // the client went away
        }
    }

    private void send(OutputStream out, String method, String path) throws IOException {
        boolean isManifest = path.contains("/manifests/");
        byte[] body = path.equals("/v2/")
                ? new byte[0]
                : isManifest ? manifest : blobs.get(path.substring(path.lastIndexOf('/') + 1));
        String head = (body == null ? "HTTP/1.1 404 Not Found" : "HTTP/1.1 200 OK") + "\r\nConnection: close\r\n"
                + "Content-Type: " + (isManifest ? type : "application/octet-stream") + "\r\n"
                + "Content-Length: " + (body == null ? 0 : body.length) + "\r\n\r\n";
        out.write(head.getBytes(UTF_8));
        if (body != null && !method.equals("HEAD")) {
            out.write(body);
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

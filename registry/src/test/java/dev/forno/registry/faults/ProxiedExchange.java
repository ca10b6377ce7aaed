package dev.forno.registry.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One request and its answer, passed on with a fault or without. */
final class ProxiedExchange {
    private static final int BUFFER = 16 << 10;

    private final Socket client;
    private final InetSocketAddress origin;
    private final Function<Head, List<Fault>> faults;

    ProxiedExchange(Socket client, InetSocketAddress origin, Function<Head, List<Fault>> faults) {
        this.client = client;
        this.origin = origin;
        this.faults = faults;
    }

    /** Closes a connection in a way that its other end notices as a failure. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone already.
            return;
        }
    }

    void run() throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream(), BUFFER);
        Head request = Head.read(in);
        if (request == null) {
            return;
        }
        List<Fault> met = faults.apply(request);
        Fault fault = met.isEmpty() ? new Fault.Headers(Map.of()) : met.getFirst();
        switch (fault) {
            case Fault.Reset r -> reset(client);
            case Fault.Answer answer -> answer(in, request, answer);
            case Fault.RefuseUpload refusal -> {
                copy(in, OutputStream.nullOutputStream(), refusal.bytes());
                new Head(
                                "HTTP/1.1 " + refusal.status() + " Fault",
                                Map.of("content-length", "0", "connection", "close"))
                        .write(client.getOutputStream());
                reset(client);
            }
            case Fault.Redirect redirect ->
                answer(
                        in,
                        request,
                        new Fault.Answer(
                                307,
                                Map.of(
                                        "Location",
                                        redirect.origin()
                                                .resolve(request.line().split(" ")[1])
                                                .toString()),
                                ""));
            default -> forward(in, request, fault);
        }
    }

    private void answer(InputStream in, Head request, Fault.Answer answer) throws IOException {
        if (request.header("expect").isEmpty()) {
            copy(in, OutputStream.nullOutputStream(), Math.max(0, request.length()));
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put("content-length", Integer.toString(body.length));
        headers.put("connection", "close");
        OutputStream out = client.getOutputStream();
        new Head("HTTP/1.1 " + answer.status() + " Fault", headers).write(out);
        if (!request.line().startsWith("HEAD ")) {
            out.write(body);
        }
        client.shutdownOutput();
    }

    private void forward(InputStream in, Head request, Fault fault) throws IOException {
        try (Socket registry = new Socket()) {
            registry.connect(origin);
            Head sent = request.with(Map.of("connection", "close"));
            if (fault instanceof Fault.IgnoreRange) {
                sent = sent.with(Map.of("range", ""));
            }
            OutputStream up = registry.getOutputStream();
            sent.write(up);
            if (!sent.header("expect").isEmpty()) {
                client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
            if (fault instanceof Fault.ResetUpload broken) {
                copy(in, up, broken.bytes());
                up.flush();
                registry.shutdownOutput();
                reset(client);
                drain(registry);
                return;
            }
            if (fault instanceof Fault.StallUpload stalled) {
                copy(in, up, stalled.bytes());
                // Until the client leaves, which may be a reset.
                drain(client);
                registry.shutdownOutput();
                drain(registry);
                return;
            }
            sendBody(in, up, sent);
            receive(registry, request, fault);
        }
    }

    private static void sendBody(InputStream in, OutputStream up, Head request) throws IOException {
        if (!request.isChunked()) {
            copy(in, up, Math.max(0, request.length()));
            return;
        }
        // A chunked body is passed on as it is, up to its last chunk.
        while (true) {
            StringBuilder size = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("the request ended in a chunk");
                }
                size.append((char) b);
            }
            up.write((size + "\n").getBytes(StandardCharsets.ISO_8859_1));
            long bytes = Long.parseLong(size.toString().strip(), 16);
            copy(in, up, bytes + 2);
            if (bytes == 0) {
                return;
            }
        }
    }

    private void receive(Socket registry, Head request, Fault fault) throws IOException {
        InputStream down = new BufferedInputStream(registry.getInputStream(), BUFFER);
        Head answer = Head.read(down);
        while (answer != null && answer.status() == 100) {
            answer = Head.read(down);
        }
        if (answer == null) {
            throw new IOException("the registry gave no answer");
        }
        if (fault instanceof Fault.LoseAnswer) {
            reset(client);
            return;
        }
        Map<String, String> changes = new HashMap<>(Map.of("connection", "close"));
        if (fault instanceof Fault.Headers headers) {
            changes.putAll(headers.values());
        }
        OutputStream out = client.getOutputStream();
        answer.with(changes).write(out);
        if (!request.line().startsWith("HEAD ")) {
            new FaultyBody(client, down, out).pass(fault);
        }
        if (!client.isClosed()) {
            client.shutdownOutput();
        }
    }

    private static void drain(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It broke off, as it was to.
            return;
        }
    }

    static void copy(InputStream in, OutputStream out, long count) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = count;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException("the request ended early");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
        out.flush();
    }
}

package dev.forno.registry.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The first line and the headers of a message. */
record Head(String line, Map<String, String> headers) {
    private static final int LIMIT = 64 << 10;

    /** Reads one, or gives null when the connection ended before it. */
    static @Nullable Head read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String next = line(in); !next.isEmpty(); next = line(in)) {
            int colon = next.indexOf(':');
            if (colon < 0) {
                throw new IOException("that is no head, but perhaps the begin of TLS");
            }
            headers.merge(
                    next.substring(0, colon).toLowerCase(Locale.ROOT),
                    next.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        return new Head(line, headers);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            text.append((char) b);
            if (text.length() > LIMIT) {
                throw new IOException("a line is too long");
            }
        }
        return text.toString().stripTrailing();
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    long length() {
        String text = header("content-length");
        return text.isEmpty() ? -1 : Long.parseLong(text);
    }

    boolean isChunked() {
        return header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
    }

    /** The status of an answer. */
    int status() {
        return Integer.parseInt(line.split(" ")[1]);
    }

    /** The same with other headers; an empty value takes a header away. */
    Head with(Map<String, String> changes) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                changed.remove(name.toLowerCase(Locale.ROOT));
            } else {
                changed.put(name.toLowerCase(Locale.ROOT), value);
            }
        });
        return new Head(line, changed);
    }

    void write(OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder(line).append("\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}

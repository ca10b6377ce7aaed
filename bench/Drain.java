import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one address again and again over connections that are kept, and drops what comes. Its reads are large: with a client
 * that reads little at once, as wrk's 8 KiB, the client is what is measured.
 */
final class Drain implements Callable<Long> {
    private static final int BUFFER = 1 << 20;
    private static final Pattern HEAD = Pattern.compile("HTTP/1.1 200 .*\r\nContent-Length: (\\d+)\r\n.*\r\n", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final URI address;
    private final long end;

    private Drain(URI address, long end) {
        this.address = address;
        this.end = end;
    }

    /** How many bytes come in so many seconds. */
    static long read(URI address, int connections, double seconds) throws Exception {
        long begin = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(connections)) {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                all.add(pool.submit(new Drain(address, begin + (long) (seconds * 1e9))));
            }
            long bytes = 0;
            for (Future<Long> one : all) {
                bytes += one.get();
            }
            return bytes;
        }
    }

    @Override
    public Long call() throws IOException {
        byte[] request = ("GET " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        long total = 0;
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()))) {
            while (System.nanoTime() < end) {
                channel.write(ByteBuffer.wrap(request));
                long left = body(channel, buffer.clear());
                total += buffer.position();
                while (left > 0 && System.nanoTime() < end) {
                    int n = read(channel, buffer.clear());
                    left -= n;
                    total += n;
                }
            }
        }
        return total;
    }

    /** Reads the head, which comes first; how much of the body is still to come. */
    private static long body(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (true) {
            read(channel, buffer);
            String text = StandardCharsets.ISO_8859_1.decode(buffer.duplicate().flip().limit(Math.min(buffer.position(), 4096))).toString();
            int head = text.indexOf("\r\n\r\n");
            if (head >= 0) {
                Matcher length = HEAD.matcher(text.substring(0, head + 4));
                if (!length.matches()) {
                    throw new IOException("unexpected answer: " + text.substring(0, head));
                }
                return head + 4 + Long.parseLong(length.group(1)) - buffer.position();
            }
        }
    }

    private static int read(SocketChannel channel, ByteBuffer buffer) throws IOException {
        int n = channel.read(buffer);
        if (n < 0) {
            throw new EOFException("the registry closed the connection");
        }
        return n;
    }
}

package dev.forno.registry.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** The body of an answer on its way to the client. */
final class FaultyBody {
    private static final int BUFFER = 16 << 10;

    private final Socket client;
    private final InputStream in;
    private final OutputStream out;

    FaultyBody(Socket client, InputStream in, OutputStream out) {
        this.client = client;
        this.in = in;
        this.out = out;
    }

    void pass(Fault fault) throws IOException {
        switch (fault) {
            case Fault.ResetAfter broken -> {
                first(broken.bytes());
                settle();
                ProxiedExchange.reset(client);
            }
            case Fault.Truncate broken -> first(broken.bytes());
            case Fault.Stall stalled -> {
                first(stalled.bytes());
                // Until the client leaves.
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            case Fault.Corrupt corrupt -> {
                first(corrupt.position());
                int b = in.read();
                if (b >= 0) {
                    out.write(b ^ 0xff);
                }
                in.transferTo(out);
            }
            case Fault.Slow slow -> {
                try {
                    for (long n = first(slow.bytes()); n > 0; n = first(slow.bytes())) {
                        Thread.sleep(slow.pause());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            default -> in.transferTo(out);
        }
        out.flush();
    }

    /** A reset throws away what its receiver has not read yet; this lets it read first, as long as it wants to. */
    private void settle() throws IOException {
        out.flush();
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long first(long count) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long done = 0;
        while (done < count) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, count - done));
            if (n < 0) {
                break;
            }
            out.write(buffer, 0, n);
            done += n;
        }
        out.flush();
        return done;
    }
}

package dev.forno.dockerapi.requests;

import dev.forno.engine.containers.Attachment;
import dev.forno.http.DuplexStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;

/** Carries bytes between a hijacked connection and a process, until the process's output ends or the client detaches. */
public final class AttachmentPump {
    private static final System.Logger LOG = System.getLogger(AttachmentPump.class.getName());
    private static final int BUFFER = 32 * 1024;

    private AttachmentPump() {}

    /** Runs to the end of the output; closes {@code attachment}. */
    public static void run(DuplexStream client, Attachment attachment, boolean withStdin) throws IOException {
        try (attachment) {
            if (withStdin) {
                Thread.ofVirtual().name("attach-stdin").start(() -> copyInput(client, attachment));
            }
            attachment.copyOutput(new StreamFrames(client.output(), attachment.tty()));
        }
    }

    private static void copyInput(DuplexStream client, Attachment attachment) {
        byte[] buffer = new byte[BUFFER];
        try (OutputStream stdin = attachment.stdin()) {
            for (int n = client.input().read(buffer); n >= 0; n = client.input().read(buffer)) {
                stdin.write(buffer, 0, n);
                stdin.flush();
            }
        } catch (IOException e) {
            // Either the process no longer reads, and its output goes on; or the client is gone, and writing to it
            // fails.
            LOG.log(Level.DEBUG, "standard input ended early", e);
        }
    }
}

package dev.forno.engine.containers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes input on until the detach keys are seen; keys that only begin the sequence are held back until it is decided. */
final class DetachKeysStream extends OutputStream {
    private final OutputStream target;
    private final DetachKeys keys;
    private final Runnable onDetach;
    private int matched;

    DetachKeysStream(OutputStream target, DetachKeys keys, Runnable onDetach) {
        this.target = target;
        this.keys = keys;
        this.onDetach = onDetach;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(length + keys.bytes().size());
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == keys.bytes().get(matched)) {
                if (++matched == keys.bytes().size()) {
                    target.write(out.toByteArray());
                    onDetach.run();
                    return;
                }
                continue;
            }
            releaseTo(out);
            if (bytes[i] == keys.bytes().getFirst() && keys.bytes().size() > 1) {
                matched = 1;
            } else {
                out.write(bytes[i]);
            }
        }
        target.write(out.toByteArray());
    }

    private void releaseTo(ByteArrayOutputStream out) {
        for (int i = 0; i < matched; i++) {
            out.write(keys.bytes().get(i));
        }
        matched = 0;
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    @Override
    public void close() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        releaseTo(out);
        if (out.size() > 0) {
            target.write(out.toByteArray());
        }
        target.close();
    }
}

package dev.forno.engine.images;

import java.io.FilterInputStream;
import java.io.InputStream;

/** A stream that is the caller's to close. */
final class LeftOpen extends FilterInputStream {
    LeftOpen(InputStream in) {
        super(in);
    }

    @Override
    public void close() {
        // the caller's
    }
}

package dev.forno.store.archives;

import dev.forno.linux.files.Fd;
import java.io.IOException;

/** Writes pieces to a file that is empty at first and leaves the gaps between them as holes. */
final class FileSink implements TarReader.Sink {
    private final Fd file;
    private long end;

    FileSink(Fd file) {
        this.file = file;
    }

    @Override
    public void write(long position, byte[] bytes, int from, int length) throws IOException {
        if (position != end) {
            file.seek(position);
        }
        file.write(bytes, from, length);
        end = position + length;
    }

    /** The end of the last piece. */
    long end() {
        return end;
    }
}

package dev.forno.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteRangeTest {
    private static Optional<ByteRange> parse(String header) {
        return ByteRange.parse(header, 1000);
    }

    @Test
    void readsEveryFormOfOneRange() {
        assertEquals(Optional.of(new ByteRange(100, 100)), parse("bytes=100-199"));
        assertEquals(Optional.of(new ByteRange(100, 900)), parse("bytes=100-"));
        assertEquals(Optional.of(new ByteRange(900, 100)), parse("bytes=-100"));
        assertEquals(Optional.of(new ByteRange(0, 1000)), parse("bytes=-5000"));
        assertEquals(Optional.of(new ByteRange(999, 1)), parse("bytes=999-9999999999999999999"));
        assertEquals("bytes 100-199/1000", new ByteRange(100, 100).contentRange(1000));
    }

    @Test
    void ignoresWhatItDoesNotUnderstand() {
        for (String header : new String[] {"", "bytes=", "bytes=-", "lines=1-2", "bytes=1-2,4-5", "bytes=a-b"}) {
            assertEquals(Optional.empty(), parse(header), header);
        }
    }

    @Test
    void refusesWhatDoesNotExist() {
        for (String header : new String[] {"bytes=1000-", "bytes=500-0", "bytes=5000-6000", "bytes=-0"}) {
            StatusException e = assertThrows(StatusException.class, () -> parse(header), header);
            assertEquals(416, e.status());
        }
        assertThrows(StatusException.class, () -> ByteRange.parse("bytes=0-0", 0));
    }
}

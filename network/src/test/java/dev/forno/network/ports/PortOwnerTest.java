package dev.forno.network.ports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.network.endpoints.Protocol;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortOwnerTest {
    @TempDir
    Path directory;

    @Test
    void readsTheKernelsTable() throws IOException {
        Path table = directory.resolve("tcp");
        Files.writeString(table, """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0
                   1: 0100007F:1F90 0100007F:AAAA 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0
                   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0
                """);
        assertEquals(Set.of("socket:[4711]"), PortOwner.sockets(table, Protocol.TCP, 8080));
        assertEquals(Set.of("socket:[4711]", "socket:[4712]"), PortOwner.sockets(table, Protocol.UDP, 8080));
        assertEquals(Set.of(), PortOwner.sockets(directory.resolve("none"), Protocol.TCP, 8080));
    }

    @Test
    void knowsWhichAddressesClash() {
        HostAddress every = new HostAddress(List.of("0.0.0.0", "::"));
        HostAddress any = HostAddress.parse("0.0.0.0");
        HostAddress local = HostAddress.parse("127.0.0.1");
        HostAddress local6 = HostAddress.parse("[::1]");
        assertTrue(every.overlaps(local) && every.overlaps(local6) && local.overlaps(any));
        assertFalse(local.overlaps(local6));
        assertFalse(any.overlaps(local6));
        assertFalse(local.overlaps(HostAddress.parse("127.0.0.2")));
        assertEquals(List.of("::"), HostAddress.parse("0:0:0:0:0:0:0:0").texts());
        for (String text : List.of("localhost", "1.2.3", "256.1.1.1", "[::1")) {
            assertThrows(FornoException.class, () -> HostAddress.parse(text), text);
        }
    }
}

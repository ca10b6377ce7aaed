package dev.forno;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.http.Endpoint;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing counts as ours that somebody else may listen at. */
class OwnAddressesTest {
    private static Set<String> of(String host) {
        return OwnAddresses.of(new Endpoint.Tcp(host, 5000));
    }

    /** What is expected, and {@code localhost} when it leads to that address. */
    private static Set<String> with(String localhost, String... expected) throws Exception {
        Set<String> all = new HashSet<>(Set.of(expected));
        if (InetAddress.getByName("localhost").getHostAddress().equals(localhost)) {
            all.add("localhost:5000");
        }
        return all;
    }

    @Test
    void anAddressIsOursAlone() {
        assertEquals(Set.of("10.0.0.5:5000"), of("10.0.0.5"));
        assertEquals(Set.of("127.0.0.2:5000"), of("127.0.0.2"));
        assertEquals(Set.of("[fd00::5]:5000", "[fd00:0:0:0:0:0:0:5]:5000"), of("fd00::5"));
    }

    @Test
    void loopbackIsOursInItsFamily() throws Exception {
        assertEquals(with("127.0.0.1", "127.0.0.1:5000"), of("127.0.0.1"));
        assertEquals(with("0:0:0:0:0:0:0:1", "[::1]:5000", "[0:0:0:0:0:0:0:1]:5000"), of("::1"));
        String localhost = InetAddress.getByName("localhost").getHostAddress();
        assertEquals(of(localhost), of("localhost"));
    }

    @Test
    void everyAddressHoldsTheLoopbacksOfItsFamily() throws Exception {
        assertEquals(with("127.0.0.1", "0.0.0.0:5000", "127.0.0.1:5000"), of("0.0.0.0"));
        assertEquals(
                Set.of("[::]:5000", "[0:0:0:0:0:0:0:0]:5000", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"),
                of("::"));
    }
}

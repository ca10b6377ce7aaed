package dev.forno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpHostTest {
    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:2375", "tcp://127.3.2.1:0", "tcp://localhost:2375", "tcp://[::1]:2375"})
    void loopbackIsNoCauseForAWarning(String host) {
        assertTrue(TcpHost.warning(TcpHost.parse(host)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp://0.0.0.0:2375", "tcp://[::]:2375", "tcp://10.1.2.3:80", "tcp://127.0.0.1.example.com:2375"
            })
    void everythingElseIs(String host) {
        String warning = TcpHost.warning(TcpHost.parse(host)).orElseThrow();
        assertEquals(0, warning.indexOf("listening at " + host + " without TLS: "), warning);
    }
}

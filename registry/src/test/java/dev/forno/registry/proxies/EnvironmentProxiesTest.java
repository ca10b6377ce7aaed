package dev.forno.registry.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.FornoException;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
    private static boolean direct(String noProxy, String uri) {
        EnvironmentProxies proxies = EnvironmentProxies.of(
                Map.of("https_proxy", "http://proxy.example:3128", "HTTP_PROXY", "proxy.example", "NO_PROXY", noProxy));
        return proxies.select(URI.create(uri)).getFirst().equals(Proxy.NO_PROXY);
    }

    @Test
    void bypassesAsGoDoes() {
        for (String covered : List.of(
                "corp.example https://r.corp.example",
                "corp.example https://corp.example",
                "corp.example https://CORP.example:8443",
                ".corp.example https://r.corp.example",
                "*.corp.example https://r.corp.example",
                "corp.example:8443 https://corp.example:8443",
                "corp.example:443 https://corp.example",
                "a,10.0.0.0/8;x https://10.1.2.3",
                "10.1.2.3 https://10.1.2.3:5000",
                "fd00::/8 https://[fd00::7]",
                "[fd00::7]:443 https://[fd00::7]",
                "* https://anything.example",
                "none https://127.0.0.1",
                "none http://localhost:5000")) {
            String[] words = covered.replace(";x", "").split(" ");
            assertEquals(true, direct(words[0], words[1]), covered);
        }
        for (String proxied : List.of(
                "corp.example https://notcorp.example",
                ".corp.example https://corp.example",
                "corp.example:8443 https://corp.example",
                "10.0.0.0/8 https://11.1.2.3",
                "10.0.0.0/8 https://r10.example",
                "none https://r.example",
                "none http://r.example")) {
            String[] words = proxied.split(" ");
            assertFalse(direct(words[0], words[1]), proxied);
        }
    }

    @Test
    void readsCredentialsAndHidesThem() {
        EnvironmentProxies proxies =
                EnvironmentProxies.of(Map.of("HTTPS_PROXY", "http://ana:s%40cret+1@proxy.example", "https_proxy", "x"));
        String expected =
                "Basic " + Base64.getEncoder().encodeToString("ana:s@cret+1".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                expected, proxies.authorization(URI.create("https://r.example")).orElse(""));
        assertEquals("", proxies.authorization(URI.create("http://r.example")).orElse(""));
        assertEquals("", proxies.authorization(URI.create("https://localhost")).orElse(""));
        for (String bad : List.of("http://ana:s3cret@", "socks5://ana:s3cret@h", "http://ana:s3cret@a b")) {
            FornoException e =
                    assertThrows(FornoException.class, () -> EnvironmentProxies.of(Map.of("HTTP_PROXY", bad)));
            assertFalse(e.toString().contains("s3cret"), e.toString());
            assertEquals(null, e.getCause());
        }
    }
}

package dev.forno.network.bridges;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.RouteSocket;
import dev.forno.network.endpoints.Endpoint;
import dev.forno.network.endpoints.NetworkContract;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.network.endpoints.Networks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelNetworksTest extends NetworkContract {
    @Override
    protected Networks open(NetworkingConfig config) {
        return KernelNetworks.open(config);
    }

    @Override
    protected String packetFilter(String table) {
        return nft("list", "table", "ip", table);
    }

    private static String nft(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("nft"));
            command.addAll(List.of(arguments));
            Process nft = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(nft.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void relaysWhenSomebodyDeletesTheTableAndWritesItAnew() throws IOException {
        Endpoint first = attach(1, any(80));
        serve(first, "first", 80);
        nft("delete", "table", "ip", TABLE);
        assertEquals("", packetFilter(TABLE));
        assertEquals("first 10.213.1.1 hi", call(port(first)), "by the relay");
        Endpoint second = attach(2, any(80));
        serve(second, "second", 80);
        assertTrue(packetFilter(TABLE).contains("10.213.1.2 . 80"), "the first one's, too");
        assertEquals("first 10.213.1.1 hi", call(port(first)));
        assertEquals("second 10.213.1.1 hi", call(port(second)));
    }

    @Test
    void makesADeletedBridgeAgain() throws IOException {
        try (RouteSocket route = RouteSocket.open()) {
            route.execute(LinkRequests.delete("fncone"));
        }
        Endpoint endpoint = attach(1, any(80));
        serve(endpoint, "server", 80);
        assertEquals("server 10.213.1.1 hi", call(port(endpoint)));
    }

    @Test
    void removesTheBridgeOfANetworkThatIsNotRecorded() throws IOException {
        try (Networks next = KernelNetworks.open(config())) {
            next.recover(List.of(), List.of());
            try (RouteSocket route = RouteSocket.open()) {
                assertTrue(route.link("fncone").isEmpty());
            }
        }
    }
}

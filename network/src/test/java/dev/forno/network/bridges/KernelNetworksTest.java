package dev.forno.network.bridges;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.network.endpoints.NetworkContract;
import dev.forno.network.endpoints.NetworkingConfig;
import dev.forno.network.endpoints.Networks;
import java.io.IOException;
import java.io.UncheckedIOException;

class KernelNetworksTest extends NetworkContract {
    @Override
    protected Networks open(NetworkingConfig config) {
        return KernelNetworks.open(config);
    }

    @Override
    protected String packetFilter(String table) {
        try {
            Process nft = new ProcessBuilder("nft", "list", "table", "ip", table)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(nft.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

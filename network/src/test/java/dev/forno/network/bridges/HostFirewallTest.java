package dev.forno.network.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.namespaces.NetworkNamespace;
import dev.forno.linux.nftables.NetfilterSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the packet filter of a namespace of its own. */
class HostFirewallTest {
    @TempDir
    Path directory;

    private Path netns;
    private NetfilterSocket socket;

    @BeforeEach
    void open() throws IOException {
        netns = directory.resolve("ns");
        socket = NetworkNamespace.create(netns, fd -> NetfilterSocket.open());
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        NetworkNamespace.delete(netns);
    }

    private void nft(String command) throws IOException, InterruptedException {
        Process nft = new ProcessBuilder("nsenter", "--net=" + netns, "nft", command)
                .inheritIO()
                .start();
        assertEquals(0, nft.waitFor());
    }

    private List<String> firewallWarnings() {
        return new HostFirewall("forno", socket)
                .warnings(List.of("forno0")).stream()
                        .filter(warning -> warning.contains("firewall"))
                        .toList();
    }

    @Test
    void saysWhichChainDropsForwardedPackets() throws Exception {
        nft("add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }");
        List<String> warnings = firewallWarnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().startsWith("The firewall's chain ip filter FORWARD drops forwarded packets"));
        assertTrue(warnings.getFirst().contains("forno0"));
    }

    @Test
    void isSilentAboutOtherChains() throws Exception {
        nft("add table inet filter; add chain inet filter input { type filter hook input priority 0; policy drop; };"
                + "add chain inet filter forward { type filter hook forward priority 0; policy accept; };"
                + "add table ip forno; add chain ip forno f { type filter hook forward priority 0; policy drop; };"
                + "add table ip6 six; add chain ip6 six f { type filter hook forward priority 0; policy drop; }");
        assertEquals(List.of(), firewallWarnings());
    }
}

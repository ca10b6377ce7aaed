package dev.forno.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {
    private static final int HEADER = 16;

    @Test
    void writesTheHeader() {
        byte[] bytes = new NetlinkMessage("test", 18, NetlinkMessage.DUMP)
                .putByte(2)
                .putByte(3)
                .putBigShort(0x0102)
                .finish(77, 4);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        assertEquals(20, buffer.getInt(0));
        assertEquals(18, buffer.getShort(4));
        assertEquals(0x305, buffer.getShort(6));
        assertEquals(77, buffer.getInt(8));
        assertArrayEquals(new byte[] {2, 3, 1, 2}, java.util.Arrays.copyOfRange(bytes, 16, 20));
    }

    @Test
    void readsBackWhatItWrites() {
        NetlinkMessage message = new NetlinkMessage("test", 16, 0)
                .attribute(1, "veth0")
                .attribute(2, 0x01020304)
                .bigAttribute(3, 0x01020304)
                .nest(4, outer -> outer.attribute(1, new byte[] {9}).nest(2, inner -> inner.attribute(5, "deep")))
                .nest(6, list -> list.attribute(1, "a").attribute(1, "b"));
        byte[] bytes = message.finish(1, 0);
        assertEquals(0, bytes.length % 4);
        NetlinkAttributes attributes =
                NetlinkAttributes.parse(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), HEADER);
        assertEquals(Optional.of("veth0"), attributes.text(1));
        assertEquals(0x01020304, attributes.number(2).orElseThrow());
        assertEquals(0x01020304, attributes.bigNumber(3).orElseThrow());
        assertArrayEquals(new byte[] {9}, attributes.nested(4).bytes(1).orElseThrow());
        assertEquals(Optional.of("deep"), attributes.nested(4).nested(2).text(5));
        assertEquals(
                2, NetlinkAttributes.list(attributes.bytes(6).orElseThrow()).size());
        assertTrue(attributes.bytes(7).isEmpty());
        assertTrue(attributes.nested(7).bytes(1).isEmpty());
    }

    @Test
    void survivesBrokenAttributes() {
        for (byte[] broken : List.of(
                new byte[] {1},
                new byte[] {0, 0, 0, 0},
                new byte[] {3, 0, 1, 0},
                new byte[] {100, 0, 1, 0, 1},
                new byte[] {(byte) 255, (byte) 255, 1, 0})) {
            assertTrue(NetlinkAttributes.parse(broken).bytes(1).isEmpty());
        }
    }

    @Test
    void refusesAnAttributeThatDoesNotFit() {
        NetlinkMessage message = new NetlinkMessage("test", 16, 0);
        assertThrows(
                IllegalArgumentException.class,
                () -> message.nest(
                        1, nested -> nested.attribute(2, new byte[40_000]).attribute(2, new byte[40_000])));
    }

    @Test
    void readsAddresses() {
        assertEquals("172.17.0.2", Ipv4Address.parse("172.17.0.2").toString());
        assertEquals(-1, Ipv4Address.parse("255.255.255.255").bits());
        assertTrue(Ipv4Address.parse("200.0.0.1").compareTo(Ipv4Address.parse("10.0.0.1")) > 0);
        for (String text : List.of("", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.x", " 1.2.3.4", "1.2.3.4/8")) {
            assertThrows(IllegalArgumentException.class, () -> Ipv4Address.parse(text), text);
        }
    }

    @Test
    void comparesSubnets() {
        Ipv4Prefix wide = Ipv4Prefix.parse("172.16.0.0/12");
        Ipv4Prefix narrow = Ipv4Prefix.parse("172.17.5.0/24");
        assertTrue(wide.overlaps(narrow) && narrow.overlaps(wide));
        assertTrue(!narrow.overlaps(Ipv4Prefix.parse("172.17.6.0/24")));
        assertEquals("172.31.255.255", wide.last().toString());
        assertEquals("0.0.0.0/0", Ipv4Prefix.parse("1.2.3.4/0").toString());
        assertTrue(Ipv4Prefix.parse("0.0.0.0/0").contains(Ipv4Address.parse("255.1.1.1")));
        assertEquals("10.0.0.1/32", Ipv4Prefix.parse("10.0.0.1/32").toString());
        for (String text : List.of("10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1")) {
            assertThrows(IllegalArgumentException.class, () -> Ipv4Prefix.parse(text), text);
        }
    }
}

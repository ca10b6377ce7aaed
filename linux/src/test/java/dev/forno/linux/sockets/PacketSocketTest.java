package dev.forno.linux.sockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class PacketSocketTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;

    @TempDir
    Path directory;

    private Path path;
    private int listener;

    /** Listens at a path that is longer than a socket address can be. */
    @BeforeEach
    void listen() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(120)));
        path = deep.resolve("attach");
        int at = Descriptors.open(deep.toString(), Descriptors.O_PATH);
        listener = (int) Syscall.raw(SyscallNumber.SOCKET, AF_UNIX, SOCK_SEQPACKET | Descriptors.O_CLOEXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(110, 2);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            address.setString(2, "/proc/self/fd/" + at + "/attach");
            Syscall.check(Syscall.raw(SyscallNumber.BIND, listener, address.address(), 110), () -> "bind");
            Syscall.check(Syscall.raw(SyscallNumber.LISTEN, listener, 5, 0), () -> "listen");
        }
        Descriptors.close(at);
    }

    @AfterEach
    void close() {
        Descriptors.close(listener);
    }

    private int accept() throws ErrnoException {
        return (int) Syscall.check(
                Syscall.raw(SyscallNumber.ACCEPT4, listener, 0, 0, Descriptors.O_CLOEXEC, 0, 0), () -> "accept");
    }

    private static void send(int fd, String text) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            long address = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address();
            Syscall.check(Syscall.raw(SyscallNumber.SENDTO, fd, address, bytes.length, 0, 0, 0), () -> "sendto");
        }
    }

    private static String receive(int fd) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(1 << 16);
            long count = Syscall.check(
                    Syscall.raw(SyscallNumber.RECVFROM, fd, buffer.address(), 1 << 16, 0, 0, 0), () -> "recvfrom");
            return new String(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void keepsMessagesApartAndHalfCloses() throws Exception {
        try (PacketSocket socket = PacketSocket.connect(path)) {
            int peer = accept();
            send(peer, "one");
            send(peer, "two");
            assertEquals("one", text(socket.receive()));
            assertEquals("two", text(socket.receive()));
            socket.send(bytes("xabcx"), 1, 3);
            socket.shutdownOutput();
            assertEquals("abc", receive(peer));
            assertEquals("", receive(peer));
            send(peer, "after");
            assertEquals("after", text(socket.receive()));
            Descriptors.close(peer);
            assertEquals("", text(socket.receive()));
        }
    }

    @Test
    void whatWasSentBeforeAResetStillArrives() throws Exception {
        try (PacketSocket socket = PacketSocket.connect(path)) {
            int peer = accept();
            socket.send(bytes("never read"), 0, 10);
            send(peer, "last words");
            Descriptors.close(peer);
            assertEquals("last words", text(socket.receive()));
            assertEquals("", text(socket.receive()));
        }
    }

    @Test
    void aFullPeerMakesTheSenderWait() throws Exception {
        try (PacketSocket socket = PacketSocket.connect(path)) {
            int peer = accept();
            byte[] block = new byte[16 << 10];
            int count = 100;
            CompletableFuture<Integer> sent = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        block[0] = (byte) ('a' + i % 26);
                        socket.send(block, 0, block.length);
                    }
                    sent.complete(count);
                } catch (IOException e) {
                    sent.completeExceptionally(e);
                }
            });
            for (int i = 0; i < count; i++) {
                String received = receive(peer);
                assertEquals(block.length, received.length());
                assertEquals('a' + i % 26, received.charAt(0));
            }
            assertEquals(count, sent.get());
            Descriptors.close(peer);
        }
    }

    @Test
    void closingEndsAWaitingReceiver() throws Exception {
        PacketSocket socket = PacketSocket.connect(path);
        int peer = accept();
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                received.complete(socket.receive());
            } catch (IOException e) {
                received.completeExceptionally(e);
            }
        });
        socket.close();
        assertArrayEquals(new byte[0], received.get());
        assertThrows(IOException.class, () -> socket.send(bytes("x"), 0, 1));
        socket.close();
        Descriptors.close(peer);
    }

    @Test
    void namesAMissingSocket() {
        ErrnoException e = assertThrows(ErrnoException.class, () -> PacketSocket.connect(directory.resolve("nothing")));
        assertEquals(ErrnoException.ENOENT, e.errno());
    }

    @Test
    void aFifoWithoutReaderIsTold() throws Exception {
        Path fifo = directory.resolve("ctl");
        Syscall.check(mkfifo(fifo), () -> "mknodat");
        ErrnoException e = assertThrows(ErrnoException.class, () -> Fifo.writeIfEmpty(fifo, "1 2 3\n"));
        assertEquals(ErrnoException.ENXIO, e.errno());
        int reader = Descriptors.open(fifo.toString(), Descriptors.O_NONBLOCK);
        assertTrue(Fifo.writeIfEmpty(fifo, "1 2 3\n"));
        assertFalse(Fifo.writeIfEmpty(fifo, "4 5 6\n"), "the first one is unread");
        assertFalse(Fifo.isEmpty(fifo));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(64);
            assertEquals(6, Syscall.raw(SyscallNumber.READ, reader, buffer.address(), 64));
        }
        assertTrue(Fifo.isEmpty(fifo));
        Descriptors.close(reader);
    }

    private static long mkfifo(Path fifo) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Syscall.text(arena, fifo.toString()).address();
            return Syscall.raw(SyscallNumber.MKNODAT, -100, name, 0010600, 0, 0, 0);
        }
    }
}

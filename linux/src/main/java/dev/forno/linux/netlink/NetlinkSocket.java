package dev.forno.linux.netlink;

import static dev.forno.linux.calls.SyscallNumber.CLOSE;
import static dev.forno.linux.calls.SyscallNumber.RECVFROM;
import static dev.forno.linux.calls.SyscallNumber.SENDTO;
import static dev.forno.linux.calls.SyscallNumber.SETSOCKOPT;
import static dev.forno.linux.calls.SyscallNumber.SOCKET;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A netlink socket. It belongs to the network namespace of the thread that opened it, wherever it is used. Thread-safe:
 * one exchange at a time. The kernel answers within the call, so that virtual threads may use it.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** {@code NETLINK_ROUTE}. */
    public static final int ROUTE = 0;
    /** {@code NETLINK_NETFILTER}. */
    public static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;

    private static final int ACK = 4;
    private static final int TYPE_ERROR = 2;
    private static final int TYPE_DONE = 3;
    private static final int FIRST_FAMILY_TYPE = 16;
    private static final int INTERRUPTED_DUMP = 0x10;
    private static final int ACK_TLVS = 0x200;
    private static final int ERROR_TEXT = 1;
    private static final int BUFFER = 1 << 16;
    private static final int ANSWER_SECONDS = 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final long fd;
    private int sequence = 1;
    private boolean closed;

    private NetlinkSocket(long fd) {
        this.fd = fd;
    }

    /** A received message: its type and what follows the netlink header, in the machine's byte order. */
    public record Reply(int type, ByteBuffer body) {
        /** The attributes after a fixed header of the given size. */
        public NetlinkAttributes attributes(int headerSize) {
            return NetlinkAttributes.parse(body, headerSize);
        }
    }

    /** Opens a socket of one of the protocols named here in the calling thread's network namespace. */
    public static NetlinkSocket open(int protocol) throws ErrnoException {
        long fd = Syscall.check(
                Syscall.raw(SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, protocol), () -> "socket(netlink " + protocol + ")");
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            socket.option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
            socket.option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
            socket.option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
            socket.option(SOL_SOCKET, SO_SNDBUFFORCE, 8 << 20); // one batch publishes a range of thousands of ports
            socket.option(SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20);
            socket.receiveTimeout();
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /**
     * Sends the requests in one call and waits for every acknowledgement. The kernel goes on after a failed request; the
     * first failure is thrown when all are answered.
     */
    public void execute(List<NetlinkMessage> requests) throws ErrnoException {
        exchange(requests, List.of(), List.of());
    }

    /** As {@link #execute}, with the requests between two messages that the kernel only answers when the batch fails. */
    public void executeBatch(NetlinkMessage begin, List<NetlinkMessage> requests, NetlinkMessage end)
            throws ErrnoException {
        exchange(requests, List.of(begin), List.of(end));
    }

    /** Sends one request and returns all that the kernel answers: a dump, or the one object asked for. */
    public List<Reply> query(NetlinkMessage request) throws ErrnoException {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            int number = sequence++;
            send(arena, request.finish(number, ACK), request::what);
            MemorySegment buffer = arena.allocate(BUFFER);
            List<Reply> replies = new ArrayList<>();
            while (true) {
                for (Received message : receive(buffer, request.what())) {
                    if (message.sequence != number) {
                        continue; // a late answer to an exchange that timed out
                    }
                    if (message.type == TYPE_ERROR || message.type == TYPE_DONE) {
                        message.fail(request.what());
                        return replies;
                    }
                    if ((message.flags & INTERRUPTED_DUMP) != 0) {
                        throw new ErrnoException(
                                request.what() + " (the table changed while it was read)", ErrnoException.EINTR);
                    }
                    if (message.type >= FIRST_FAMILY_TYPE) {
                        replies.add(new Reply(message.type, message.body));
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes the descriptor; idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                Syscall.raw(CLOSE, fd, 0, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    private void exchange(List<NetlinkMessage> requests, List<NetlinkMessage> before, List<NetlinkMessage> after)
            throws ErrnoException {
        if (requests.isEmpty()) {
            return;
        }
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int envelope = sequence++;
            before.forEach(message -> bytes.writeBytes(message.finish(envelope, 0)));
            int first = sequence;
            requests.forEach(message -> bytes.writeBytes(message.finish(sequence++, ACK)));
            after.forEach(message -> bytes.writeBytes(message.finish(envelope, 0)));
            send(arena, bytes.toByteArray(), () -> words(requests));
            collect(arena.allocate(BUFFER), requests, first, envelope);
        } finally {
            lock.unlock();
        }
    }

    private void collect(MemorySegment buffer, List<NetlinkMessage> requests, int first, int envelope)
            throws ErrnoException {
        Optional<ErrnoException> failure = Optional.empty();
        int missing = requests.size();
        while (missing > 0) {
            for (Received message : receive(buffer, words(requests))) {
                int index = message.sequence - first;
                if (message.type != TYPE_ERROR) {
                    continue;
                }
                if (message.sequence == envelope) {
                    message.fail(words(requests)); // the batch as a whole was refused: nothing else will come
                } else if (index >= 0 && index < requests.size()) {
                    missing--;
                    Optional<ErrnoException> one =
                            message.failure(requests.get(index).what());
                    failure = failure.isPresent() ? failure : one;
                }
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static String words(List<NetlinkMessage> requests) {
        String first = requests.getFirst().what();
        return requests.size() == 1 ? first : first + " and " + (requests.size() - 1) + " more";
    }

    private void send(Arena arena, byte[] bytes, java.util.function.Supplier<String> what) throws ErrnoException {
        if (closed) {
            throw new ErrnoException(what.get() + " on a closed socket", ErrnoException.EBADF);
        }
        MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        Syscall.check(Syscall.raw(SENDTO, fd, segment.address(), bytes.length, 0, 0, 0), what);
    }

    private List<Received> receive(MemorySegment buffer, String what) throws ErrnoException {
        long length;
        do {
            length = Syscall.raw(RECVFROM, fd, buffer.address(), buffer.byteSize(), 0, 0, 0);
        } while (length == -ErrnoException.EINTR);
        Syscall.check(length, () -> what + " (waiting for the answer)");
        byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<Received> messages = new ArrayList<>();
        int at = 0;
        while (at + NetlinkMessage.HEADER <= bytes.length) {
            int size = view.getInt(at);
            if (size < NetlinkMessage.HEADER || at + size > bytes.length) {
                break;
            }
            messages.add(new Received(
                    Short.toUnsignedInt(view.getShort(at + 4)),
                    Short.toUnsignedInt(view.getShort(at + 6)),
                    view.getInt(at + 8),
                    view.slice(at + NetlinkMessage.HEADER, size - NetlinkMessage.HEADER)
                            .order(ByteOrder.nativeOrder())));
            at += (size + 3) & ~3;
        }
        return messages;
    }

    /** One message as it came. An error's body is the negated errno, the request's header, then attributes. */
    private record Received(int type, int flags, int sequence, ByteBuffer body) {
        Optional<ErrnoException> failure(String what) {
            int error = body.getInt(0);
            if (error >= 0) {
                return Optional.empty();
            }
            int header = type == TYPE_ERROR ? 4 + NetlinkMessage.HEADER : 4;
            String reason = (flags & ACK_TLVS) == 0
                    ? ""
                    : NetlinkAttributes.parse(body, header)
                            .text(ERROR_TEXT)
                            .map(text -> " (" + text + ")")
                            .orElse("");
            return Optional.of(new ErrnoException("netlink " + what + reason, -error));
        }

        void fail(String what) throws ErrnoException {
            Optional<ErrnoException> failure = body.remaining() < 4 ? Optional.empty() : failure(what);
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    private void option(int level, int name, int value) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = Syscall.ints(arena, value);
            Syscall.check(
                    Syscall.raw(SETSOCKOPT, fd, level, name, segment.address(), 4, 0),
                    () -> "setsockopt(netlink, " + level + ", " + name + ")");
        }
    }

    private void receiveTimeout() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeval = arena.allocateFrom(ValueLayout.JAVA_LONG, ANSWER_SECONDS, 0);
            Syscall.check(
                    Syscall.raw(SETSOCKOPT, fd, SOL_SOCKET, SO_RCVTIMEO, timeval.address(), 16, 0),
                    () -> "setsockopt(netlink, SO_RCVTIMEO)");
        }
    }
}

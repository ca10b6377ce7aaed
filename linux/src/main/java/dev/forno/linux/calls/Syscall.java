package dev.forno.linux.calls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forno.linux.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;

/**
 * The one generic {@code syscall(2)} handle: distinct method handles cost start-up time, this one serves every kernel
 * call. Arguments are longs; a pointer argument is the segment's address, and the caller's arena keeps it alive during
 * the call. Thread-safe. A call that may block for long belongs on a platform thread: it pins its carrier.
 */
@SuppressWarnings("restricted") // this module is the holder of native access
public final class Syscall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle HANDLE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    private Syscall() {}

    /**
     * Makes the call and returns its result, or the negated errno when it failed.
     *
     * @param number the call's number, from {@link SyscallNumber}
     */
    public static long raw(SyscallNumber number, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE);
            long result = (long) HANDLE.invokeExact(capture, (long) number.value(), a, b, c, d, e, f);
            return result == -1 ? -(int) ERRNO.get(capture, 0L) : result;
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** {@link #raw} with fewer arguments. */
    public static long raw(SyscallNumber number, long a, long b, long c) {
        return raw(number, a, b, c, 0, 0, 0);
    }

    /** The result as it is when it is not an error, else the exception that names the call. */
    public static long check(long result, Supplier<String> call) throws ErrnoException {
        if (result < 0 && result >= -4095) {
            throw new ErrnoException(call.get(), (int) -result);
        }
        return result;
    }

    /** A C string in the arena: UTF-8, zero-terminated. A text with a zero character is refused. */
    public static MemorySegment text(Arena arena, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero character in \"" + text.replace("\0", "\\0") + "\"");
        }
        return arena.allocateFrom(text);
    }

    /** A zeroed array of pointers to C strings, ended by a null pointer. */
    public static MemorySegment texts(Arena arena, java.util.List<String> texts) {
        MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ADDRESS, i, text(arena, texts.get(i)));
        }
        return array;
    }

    /** An {@code int[]} in native memory. */
    public static MemorySegment ints(Arena arena, int... values) {
        return arena.allocateFrom(JAVA_INT, values);
    }

    private static RuntimeException rethrow(Throwable t) {
        if (t instanceof RuntimeException e) {
            throw e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        throw new IllegalStateException(t);
    }
}

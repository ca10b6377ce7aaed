package dev.forno.linux.calls;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * A function of the C library, or of another one, that takes up to five integers or addresses and returns an int. All share one method handle,
 * because each distinct handle costs start-up time. Thread-safe.
 */
@SuppressWarnings("restricted") // this module is the holder of native access
public final class LibraryCall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle HANDLE = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private final MemorySegment address;

    private LibraryCall(MemorySegment address) {
        this.address = address;
    }

    /** The function of that name; throws {@link UnsupportedOperationException} where the C library lacks it. */
    public static LibraryCall of(String name) {
        Optional<MemorySegment> address = LINKER.defaultLookup().find(name);
        return new LibraryCall(address.orElseThrow(() -> new UnsupportedOperationException(
                "find " + name + ": the C library lacks it (glibc 2.34 or newer is needed)")));
    }

    /** The function of that name in another library; throws {@link UnsupportedOperationException} when it lacks it. */
    public static LibraryCall of(SymbolLookup library, String name) {
        return new LibraryCall(library.find(name)
                .orElseThrow(() -> new UnsupportedOperationException("find " + name + ": not in the library")));
    }

    /** Calls it; arguments beyond those it takes are ignored. The result is as the function returns it. */
    public int call(long... arguments) {
        long[] a = new long[6];
        System.arraycopy(arguments, 0, a, 0, arguments.length);
        try {
            return (int) HANDLE.invokeExact(address, a[0], a[1], a[2], a[3], a[4], a[5]);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}

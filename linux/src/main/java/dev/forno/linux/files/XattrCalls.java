package dev.forno.linux.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Extended attributes by path, never following a link in the last place. The path is {@code /proc/self/fd/N/name}: the
 * only way to name a file by directory and name that every kernel has.
 */
final class XattrCalls {
    private static final int MAX_VALUE = 1 << 16;

    private XattrCalls() {}

    static Optional<byte[]> get(String path, String attribute) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(4096);
            long file = FileCalls.name(arena, path).address();
            long key = FileCalls.name(arena, attribute).address();
            long result = call(SyscallNumber.LGETXATTR, file, key, value);
            if (result == -ErrnoException.ERANGE) {
                value = arena.allocate(MAX_VALUE);
                result = call(SyscallNumber.LGETXATTR, file, key, value);
            }
            if (result == -ErrnoException.ENODATA || result == -ErrnoException.EOPNOTSUPP) {
                return Optional.empty();
            }
            long length = Syscall.check(result, () -> "lgetxattr(\"" + path + "\", \"" + attribute + "\")");
            return Optional.of(value.asSlice(0, length).toArray(JAVA_BYTE));
        }
    }

    static void set(String path, String attribute, byte[] value) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, JAVA_BYTE, 0, value.length);
            long file = FileCalls.name(arena, path).address();
            long key = FileCalls.name(arena, attribute).address();
            long result = Syscall.raw(SyscallNumber.LSETXATTR, file, key, bytes.address(), value.length, 0, 0);
            Syscall.check(
                    result, () -> "lsetxattr(\"" + path + "\", \"" + attribute + "\", " + value.length + " bytes)");
        }
    }

    static List<String> list(String path) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment names = arena.allocate(1024);
            long file = FileCalls.name(arena, path).address();
            long result = Syscall.raw(SyscallNumber.LLISTXATTR, file, names.address(), names.byteSize());
            if (result == -ErrnoException.ERANGE) {
                names = arena.allocate(MAX_VALUE);
                result = Syscall.raw(SyscallNumber.LLISTXATTR, file, names.address(), names.byteSize());
            }
            if (result == 0 || result == -ErrnoException.EOPNOTSUPP) {
                return List.of();
            }
            long length = Syscall.check(result, () -> "llistxattr(\"" + path + "\")");
            return split(names.asSlice(0, length).toArray(JAVA_BYTE));
        }
    }

    private static long call(SyscallNumber call, long file, long key, MemorySegment value) {
        return Syscall.raw(call, file, key, value.address(), value.byteSize(), 0, 0);
    }

    private static List<String> split(byte[] names) {
        List<String> result = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == 0) {
                result.add(FileNames.decode(names, start, i - start));
                start = i + 1;
            }
        }
        return result;
    }
}

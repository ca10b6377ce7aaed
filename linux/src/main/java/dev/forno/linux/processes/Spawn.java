package dev.forno.linux.processes;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.calls.Descriptors;
import dev.forno.linux.calls.LibraryCall;
import dev.forno.linux.calls.Syscall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts programs with exactly the descriptors, environment and directory given: nothing of this process leaks in. The
 * program runs in a session of its own with default signal handling. Uses posix_spawn, which doesn't copy this process.
 */
public final class Spawn {
    private static final LibraryCall SPAWN = LibraryCall.of("posix_spawn");
    private static final LibraryCall ACTIONS_INIT = LibraryCall.of("posix_spawn_file_actions_init");
    private static final LibraryCall ACTIONS_DESTROY = LibraryCall.of("posix_spawn_file_actions_destroy");
    private static final LibraryCall ACTIONS_DUP2 = LibraryCall.of("posix_spawn_file_actions_adddup2");
    private static final LibraryCall ACTIONS_CHDIR = LibraryCall.of("posix_spawn_file_actions_addchdir_np");
    private static final LibraryCall ACTIONS_CLOSE_FROM = LibraryCall.of("posix_spawn_file_actions_addclosefrom_np");
    private static final LibraryCall ATTRIBUTES_INIT = LibraryCall.of("posix_spawnattr_init");
    private static final LibraryCall ATTRIBUTES_DESTROY = LibraryCall.of("posix_spawnattr_destroy");
    private static final LibraryCall ATTRIBUTES_FLAGS = LibraryCall.of("posix_spawnattr_setflags");
    private static final LibraryCall ATTRIBUTES_DEFAULTS = LibraryCall.of("posix_spawnattr_setsigdefault");
    private static final LibraryCall ATTRIBUTES_MASK = LibraryCall.of("posix_spawnattr_setsigmask");

    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final int SIGSET_SIZE = 128;
    private static final int STRUCT_SIZE = 512;

    /** Sources are moved above every target first, so that no mapping overwrites another's source. */
    private static final int FIRST_FREE = 100;

    private Spawn() {}

    /**
     * Starts a program. The descriptors stay the caller's; 0, 1 and 2 that are not given are /dev/null.
     *
     * @param command the program's path with its arguments
     * @param environment {@code NAME=value}
     * @param directory the working directory
     * @param descriptors number in the program (below 100) → number here
     */
    public static ChildProcess start(
            List<String> command, List<String> environment, Path directory, Map<Integer, Integer> descriptors)
            throws ErrnoException {
        List<Integer> moved = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(STRUCT_SIZE, 16);
            check(ACTIONS_INIT.call(actions.address()), "posix_spawn_file_actions_init");
            try {
                addDescriptors(actions, descriptors, moved);
                check(
                        ACTIONS_CHDIR.call(
                                actions.address(),
                                Syscall.text(arena, directory.toString()).address()),
                        "posix_spawn_file_actions_addchdir");
                return spawn(arena, actions, command, environment, directory);
            } finally {
                ACTIONS_DESTROY.call(actions.address());
            }
        } finally {
            moved.forEach(Descriptors::close);
        }
    }

    private static void addDescriptors(MemorySegment actions, Map<Integer, Integer> descriptors, List<Integer> moved)
            throws ErrnoException {
        int highest = 2;
        for (int standard = 0; standard <= 2; standard++) {
            if (!descriptors.containsKey(standard)) {
                int opened = Descriptors.open("/dev/null", Descriptors.O_RDWR);
                try {
                    add(actions, opened, standard, moved);
                } finally {
                    Descriptors.close(opened);
                }
            }
        }
        for (Map.Entry<Integer, Integer> entry : descriptors.entrySet()) {
            add(actions, entry.getValue(), entry.getKey(), moved);
            highest = Math.max(highest, entry.getKey());
        }
        check(ACTIONS_CLOSE_FROM.call(actions.address(), highest + 1L), "posix_spawn_file_actions_addclosefrom");
    }

    private static void add(MemorySegment actions, int source, int target, List<Integer> moved) throws ErrnoException {
        int high = Descriptors.duplicate(source, FIRST_FREE);
        moved.add(high);
        check(ACTIONS_DUP2.call(actions.address(), high, target), "posix_spawn_file_actions_adddup2");
    }

    private static ChildProcess spawn(
            Arena arena, MemorySegment actions, List<String> command, List<String> environment, Path directory)
            throws ErrnoException {
        MemorySegment attributes = arena.allocate(STRUCT_SIZE, 16);
        check(ATTRIBUTES_INIT.call(attributes.address()), "posix_spawnattr_init");
        try {
            MemorySegment none = arena.allocate(SIGSET_SIZE, 8);
            MemorySegment all = arena.allocate(SIGSET_SIZE, 8).fill((byte) 0xFF);
            check(
                    ATTRIBUTES_FLAGS.call(attributes.address(), SETSIGDEF | SETSIGMASK | SETSID),
                    "posix_spawnattr_setflags");
            check(ATTRIBUTES_DEFAULTS.call(attributes.address(), all.address()), "posix_spawnattr_setsigdefault");
            check(ATTRIBUTES_MASK.call(attributes.address(), none.address()), "posix_spawnattr_setsigmask");
            MemorySegment pid = arena.allocate(JAVA_INT);
            int error = SPAWN.call(
                    pid.address(),
                    Syscall.text(arena, command.getFirst()).address(),
                    actions.address(),
                    attributes.address(),
                    Syscall.texts(arena, command).address(),
                    Syscall.texts(arena, environment).address());
            check(error, "posix_spawn(" + command + " in " + directory + ")");
            return ChildProcess.watch(pid.get(JAVA_INT, 0));
        } finally {
            ATTRIBUTES_DESTROY.call(attributes.address());
        }
    }

    private static void check(int error, String call) throws ErrnoException {
        if (error != 0) {
            throw new ErrnoException(call, error);
        }
    }
}

package dev.forno.linux.processes;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.forno.linux.calls.Syscall;
import dev.forno.linux.calls.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How soon the kernel runs a platform thread that wakes. */
public final class ThreadPriority {
    private static final int SCHED_RR = 2;
    private static final int SCHED_RESET_ON_FORK = 0x4000_0000;
    private static final int LOWEST = 1;

    private ThreadPriority() {}

    /**
     * Lets the calling platform thread run at once when it wakes, before all that have no real-time priority: for a thread
     * that sleeps nearly always. What it starts has the usual priority.
     *
     * @return whether the kernel allows it
     */
    public static boolean raise() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameter = arena.allocate(JAVA_INT);
            parameter.set(JAVA_INT, 0, LOWEST);
            return Syscall.raw(SyscallNumber.SCHED_SETSCHEDULER, 0, SCHED_RR | SCHED_RESET_ON_FORK, parameter.address())
                    == 0;
        }
    }
}

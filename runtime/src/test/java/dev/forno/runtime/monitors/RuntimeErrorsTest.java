package dev.forno.runtime.monitors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.StartFailure;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Texts that clients match on, from what the runtimes write. */
class RuntimeErrorsTest {
    private static FornoException create(String said) {
        return RuntimeErrors.of("create", "c1", said);
    }

    @Test
    void aMissingCommand() {
        FornoException e = create("""
                time="2026-01-01T00:00:00Z" level=error msg="runc create failed: x"
                runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH
                """);
        assertEquals(
                "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create"
                        + " failed: unable to start container process: exec: \"nope\": executable file not found in $PATH: unknown",
                e.getMessage());
        assertEquals(127, StartFailure.exitCodeOf(e));
        assertEquals(ErrorKind.INVALID_ARGUMENT, e.kind());
        assertEquals(
                127,
                StartFailure.exitCodeOf(
                        create("executable file `nope` not found in $PATH: No such file or directory")));
    }

    @Test
    void whatCannotBeExecuted() {
        assertEquals(126, StartFailure.exitCodeOf(create("exec: \"/etc/passwd\": permission denied")));
        FornoException directory = create("exec: \"/etc\": is a directory");
        assertEquals(126, StartFailure.exitCodeOf(directory));
        assertTrue(directory.getMessage().endsWith(": permission denied"));
    }

    @Test
    void mountsOfTheWrongKind() {
        FornoException e = create("runc create failed: error mounting \"/f\" to rootfs at \"/d\": not a directory");
        assertTrue(e.getMessage().contains("Are you trying to mount a directory onto a file (or vice-versa)?"));
        assertEquals(127, StartFailure.exitCodeOf(e));
    }

    @Test
    void everythingElse() {
        FornoException e = create("runc create failed: no space left on device");
        assertEquals(ErrorKind.INTERNAL, e.kind());
        assertEquals(128, StartFailure.exitCodeOf(e));
        assertEquals(
                "cannot pause container: c1: OCI runtime pause failed: not now: unknown",
                RuntimeErrors.of("pause", "c1", "not now\n").getMessage());
    }

    @Test
    void theMonitorsMessages() throws IOException {
        assertEquals(new SyncMessage(12, null), SyncMessage.parse("{\"data\": 12}"));
        assertEquals(
                new SyncMessage(-1, "a \"b\"\nc"),
                SyncMessage.parse("{\"data\": -1, \"message\": \"a \\\"b\\\"\\nc\"}"));
        assertThrows(IOException.class, () -> SyncMessage.parse("hello"));
    }
}

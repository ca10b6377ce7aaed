package dev.forno.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final String PULL = """
            {"status":"Pulling from library/x","id":"latest"}
            {"status":"Pulling fs layer","progressDetail":{},"id":"abc"}
            {"status":"Downloading","progressDetail":{"current":500000,"total":1000000},"id":"abc"}
            {"status":"Pull complete","progressDetail":{},"id":"abc"}
            {"status":"Digest: sha256:1"}
            """;

    private static String show(String messages, boolean terminal, List<String> ids) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ProgressDisplay(new PrintStream(out, true, StandardCharsets.UTF_8), terminal)
                .show(
                        new ByteArrayInputStream(messages.getBytes(StandardCharsets.UTF_8)),
                        aux -> ids.add(aux.text("ID")));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutTerminalEveryStepIsALine() throws IOException {
        assertEquals("""
                latest: Pulling from library/x
                abc: Pulling fs layer
                abc: Pull complete
                Digest: sha256:1
                """, show(PULL, false, new ArrayList<>()));
    }

    @Test
    void onATerminalLinesChangeInPlace() throws IOException {
        String text = show(PULL, true, new ArrayList<>());
        String bar = "[" + "=".repeat(25) + ">" + " ".repeat(24) + "]    500kB/1MB";
        assertEquals(
                "\n\033[1A\r\033[2Klatest: Pulling from library/x\033[1B\r"
                        + "\n\033[1A\r\033[2Kabc: Pulling fs layer\033[1B\r"
                        + "\033[1A\r\033[2Kabc: Downloading " + bar + "\033[1B\r"
                        + "\033[1A\r\033[2Kabc: Pull complete\033[1B\r"
                        + "Digest: sha256:1\n",
                text);
    }

    @Test
    void streamsAndIdsOfABuild() throws IOException {
        List<String> ids = new ArrayList<>();
        String text =
                show("{\"stream\":\"Step 1\"}\n{\"stream\":\"\\n\"}\n{\"aux\":{\"ID\":\"sha256:x\"}}\n", false, ids);
        assertEquals("Step 1\n", text);
        assertEquals(List.of("sha256:x"), ids);
    }

    @Test
    void errorsCarryTheirCode() {
        ProgressException e = assertThrows(
                ProgressException.class,
                () -> show(
                        "{\"errorDetail\":{\"code\":3,\"message\":\"no\"},\"error\":\"no\"}\n",
                        false,
                        new ArrayList<>()));
        assertEquals("no", e.getMessage());
        assertEquals(3, e.code());
    }
}

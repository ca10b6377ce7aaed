import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Whole commands, with their time. */
final class Commands {
    private Commands() {}

    /** How a command ended; output holds both streams. */
    record Outcome(int exit, String output, double millis) {
        Outcome check() {
            if (exit != 0) {
                throw new IllegalStateException("exit " + exit + ": " + output);
            }
            return this;
        }
    }

    static Outcome exec(Map<String, String> environment, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            long begin = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            return new Outcome(exit, output, (System.nanoTime() - begin) / 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Outcome shell(String script) {
        return exec(Map.of(), "sh", "-c", script);
    }

    static boolean found(String program) {
        return shell("command -v " + program).exit == 0;
    }
}

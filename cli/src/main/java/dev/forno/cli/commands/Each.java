package dev.forno.cli.commands;

import dev.forno.cli.calls.EngineException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One action for each operand: failures are told at the end, and do not keep the others from being done. */
final class Each {
    private Each() {}

    /** What is done with one operand. */
    @FunctionalInterface
    interface Action {
        void run(String operand) throws IOException, InterruptedException;
    }

    static int run(Session session, List<String> operands, Action action) throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (String operand : operands) {
            try {
                action.run(operand);
            } catch (EngineException e) {
                failures.add(e.shown());
            } catch (Failure e) {
                failures.add(e.getMessage());
            }
        }
        session.out().flush();
        failures.forEach(session.err()::println);
        return failures.isEmpty() ? 0 : 1;
    }

    /** As {@link #run}, printing each operand that succeeded. */
    static int printing(Session session, List<String> operands, Action action)
            throws IOException, InterruptedException {
        return run(session, operands, operand -> {
            action.run(operand);
            session.out().println(operand);
        });
    }
}

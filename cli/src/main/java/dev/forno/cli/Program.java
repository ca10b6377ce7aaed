package dev.forno.cli;

import dev.forno.cli.calls.Engine;
import dev.forno.cli.calls.EngineException;
import dev.forno.cli.commands.Command;
import dev.forno.cli.commands.Commands;
import dev.forno.cli.commands.Failure;
import dev.forno.cli.commands.Session;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.options.UsageException;
import dev.forno.cli.progress.ProgressException;
import dev.forno.cli.quickstarts.CommandLine;
import dev.forno.cli.quickstarts.Quickstart;
import dev.forno.cli.templates.TemplateException;
import dev.forno.oci.FornoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of the program: finds the command, runs it, tells failures and gives the exit code. */
final class Program {
    private static final int FAILED = 1;
    private static final int USAGE = 125;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    Program(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    int run(List<String> arguments) {
        try {
            return dispatch(Invocation.parse(arguments));
        } catch (EngineException e) {
            return fail(FAILED, e.shown());
        } catch (Failure e) {
            return fail(e.code(), String.valueOf(e.getMessage()));
        } catch (ProgressException e) {
            return fail(e.code() == 0 ? FAILED : e.code(), String.valueOf(e.getMessage()));
        } catch (TemplateException | FornoException | IllegalArgumentException | IOException e) {
            return fail(FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(FAILED, "interrupted");
        }
    }

    private int fail(int code, String message) {
        out.flush();
        if (!message.isEmpty()) {
            err.println(message);
        }
        return code;
    }

    private int dispatch(Invocation invocation) throws IOException, InterruptedException {
        List<String> words = invocation.words();
        if (invocation.version()) {
            out.println("Forno version " + Commands.VERSION);
            return 0;
        }
        if (words.isEmpty() || invocation.help() || (words.getFirst().equals("help") && words.size() == 1)) {
            out.print(Help.all());
            return 0;
        }
        if (words.getFirst().equals("help")) {
            words = new ArrayList<>(words.subList(1, words.size()));
            words.add("--help");
        }
        String first = words.getFirst();
        if (first.equals("registry")) {
            throw new Failure(
                    1,
                    "forno registry is a program of its own: give it as the first word, without global options;"
                            + " see forno registry --help");
        }
        if (first.equals("engine")) {
            Engine engine = new Engine(EngineAddress.find(invocation.host()).endpoint(), null);
            return EngineControl.run(engine, words.subList(1, words.size()), out);
        }
        if (Commands.GROUPS.contains(first)) {
            if (words.size() == 1 || words.get(1).matches("-h|--help")) {
                out.print(Help.group(first));
                return 0;
            }
            Command command = Commands.find(first, words.get(1));
            return run(invocation, first + " " + words.get(1), command, words.subList(2, words.size()));
        }
        if (first.equals("quickstart")) {
            return run(
                    invocation, first, Quickstart.command(again(invocation), home()), words.subList(1, words.size()));
        }
        return run(invocation, first, Commands.find(first), words.subList(1, words.size()));
    }

    private CommandLine again(Invocation invocation) {
        return words -> {
            List<String> whole = new ArrayList<>(words);
            if (invocation.host() != null) {
                whole.addAll(0, List.of("--host", invocation.host()));
            }
            int code = run(whole);
            out.flush();
            return code;
        };
    }

    private static Path home() {
        Path launcher = Path.of(System.getProperty("forno.launcher", "forno")).toAbsolutePath();
        return java.util.Objects.requireNonNullElse(launcher.getParent(), Path.of("/"));
    }

    private int run(Invocation invocation, String path, @Nullable Command command, List<String> words)
            throws IOException, InterruptedException {
        if (command == null) {
            String known = path.indexOf(' ') < 0 ? "" : path.substring(0, path.indexOf(' '));
            String hint = known.isEmpty() ? "Run 'forno --help' for more information" : Help.hint(known);
            return fail(FAILED, "forno: unknown command: forno " + path + "\n\n" + hint);
        }
        if (asksForHelp(command, words)) {
            out.print(Help.command(path, command));
            return 0;
        }
        Arguments arguments;
        try {
            arguments = Arguments.parse(command.table(), words, command.interspersed());
        } catch (UsageException e) {
            return fail(USAGE, e.getMessage() + "\n\n" + Help.usage(path, command) + "\n\n" + Help.hint(path));
        }
        String problem = command.arityProblem(arguments.operands().size());
        if (!problem.isEmpty()) {
            return fail(
                    FAILED,
                    "forno: 'forno " + path + "' " + problem + "\n\n" + Help.usage(path, command) + "\n\n"
                            + Help.hint(path));
        }
        try {
            return command.action().run(session(invocation), arguments);
        } catch (UsageException e) {
            return fail(USAGE, e.getMessage() + "\n\n" + Help.usage(path, command) + "\n\n" + Help.hint(path));
        }
    }

    // where the rest belongs to another program, its --help is not ours
    private static boolean asksForHelp(Command command, List<String> words) {
        for (String word : words) {
            if (word.equals("--help")) {
                return true;
            }
            if (word.equals("--") || (!command.interspersed() && !word.startsWith("-"))) {
                return false;
            }
        }
        return false;
    }

    private Session session(Invocation invocation) throws IOException {
        EngineAddress address = EngineAddress.find(invocation.host());
        Engine engine = new Engine(
                address.endpoint(), address.explicit() ? null : failed -> BackgroundEngine.start(failed, err));
        return new Session(engine, invocation.config(), in, out, err, InstantSource.system(), ZoneId.systemDefault());
    }
}

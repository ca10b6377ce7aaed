package dev.forno.runtime.monitors;

import dev.forno.linux.processes.Command;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.ProcessList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the host's {@code ps} says about a task's processes, as Docker shows it. */
final class ProcessTable {
    private static final List<String> ENVIRONMENT = List.of(
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "COLUMNS=4096");

    private ProcessTable() {}

    static ProcessList list(List<Integer> pids, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/ps"));
        command.addAll(arguments.isEmpty() ? List.of("-ef") : arguments);
        try {
            Command.Result result = Command.run(command, ENVIRONMENT);
            if (result.exitCode() != 0) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "Error running ps: " + firstLine(result.errors()));
            }
            return parse(result.output(), Set.copyOf(pids));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FornoException(ErrorKind.CANCELLED, "list processes: interrupted", e);
        } catch (IOException e) {
            throw new FornoException(
                    ErrorKind.UNAVAILABLE, "list processes: run ps (package procps): " + e.getMessage(), e);
        }
    }

    /** Takes the rows of those processes; a line that names a thread of one before it (no pid of its own) follows it. */
    static ProcessList parse(String output, Set<Integer> pids) {
        List<String> lines = output.lines().toList();
        List<String> titles = lines.isEmpty() ? List.of() : columns(lines.getFirst(), Integer.MAX_VALUE);
        int pidColumn = titles.indexOf("PID");
        if (pidColumn < 0) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "Couldn't find PID field in ps output");
        }
        Set<Integer> wanted = new HashSet<>(pids);
        List<List<String>> rows = new ArrayList<>();
        boolean previous = false;
        for (String line : lines.subList(1, lines.size())) {
            List<String> row = columns(line, titles.size());
            if (row.size() <= pidColumn) {
                continue;
            }
            String pid = row.get(pidColumn);
            if (pid.equals("-")) {
                if (previous) {
                    rows.add(row);
                }
                continue;
            }
            previous = pid.matches("[0-9]{1,9}") && wanted.contains(Integer.parseInt(pid));
            if (previous) {
                rows.add(row);
            }
        }
        return new ProcessList(titles, rows);
    }

    /** The words of a line; the last column takes the rest, as commands have spaces. */
    private static List<String> columns(String line, int limit) {
        List<String> words = Arrays.asList(line.strip().split("\\s+"));
        if (words.size() <= limit) {
            return words;
        }
        List<String> row = new ArrayList<>(words.subList(0, limit - 1));
        row.add(String.join(" ", words.subList(limit - 1, words.size())));
        return row;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("it failed");
    }
}

package dev.forno.build.dockerfile;

import dev.forno.oci.ImageConfig.Healthcheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code HEALTHCHECK [options] CMD …} and {@code HEALTHCHECK NONE}. */
final class HealthChecks {
    private static final Set<String> OPTIONS =
            Set.of("interval", "timeout", "start-period", "start-interval", "retries");

    private HealthChecks() {}

    static Instruction parse(Source source, String arguments, List<String> flagWords) {
        int line = source.firstLine();
        if (arguments.isEmpty()) {
            throw ParseErrors.at(line, "HEALTHCHECK requires at least one argument");
        }
        String[] parts = arguments.split("\\s+", 2);
        String type = parts[0].toUpperCase(Locale.ROOT);
        String rest = parts.length < 2 ? "" : parts[1];
        if (type.equals("NONE")) {
            if (!rest.isEmpty()) {
                throw ParseErrors.at(line, "HEALTHCHECK NONE takes no arguments");
            }
            return new Instruction.HealthCheck(source, new Healthcheck(List.of("NONE"), null, null, null, null, null));
        }
        if (!type.equals("CMD")) {
            throw ParseErrors.at(line, "Unknown type \"" + type + "\" in HEALTHCHECK (try CMD)");
        }
        InstructionFlags flags = new InstructionFlags(line, flagWords, OPTIONS, Set.of(), Set.of());
        CommandLine command = InstructionParser.command(rest, line);
        if (command.words().isEmpty()) {
            throw ParseErrors.at(line, "Missing command after HEALTHCHECK CMD");
        }
        List<String> test = new ArrayList<>();
        test.add(command.shellForm() ? "CMD-SHELL" : "CMD");
        test.addAll(command.words());
        return new Instruction.HealthCheck(
                source,
                new Healthcheck(
                        List.copyOf(test),
                        duration(line, flags, "interval"),
                        duration(line, flags, "timeout"),
                        duration(line, flags, "start-period"),
                        duration(line, flags, "start-interval"),
                        retries(line, flags.value("retries"))));
    }

    private static @Nullable Long duration(int line, InstructionFlags flags, String name) {
        String text = flags.value(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        long nanos = GoDurations.parse(text)
                .orElseThrow(() -> ParseErrors.at(line, "time: invalid duration \"" + text + "\""));
        if (nanos == 0) {
            return null;
        }
        if (nanos < 1_000_000) {
            throw ParseErrors.at(line, "Interval \"" + name + "\" cannot be less than 1ms");
        }
        return nanos;
    }

    private static @Nullable Integer retries(int line, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        int retries;
        try {
            retries = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ParseErrors.at(line, "--retries is not a number: " + text);
        }
        if (retries < 0) {
            throw ParseErrors.at(line, "--retries cannot be negative (" + retries + ")");
        }
        return retries == 0 ? null : retries;
    }
}

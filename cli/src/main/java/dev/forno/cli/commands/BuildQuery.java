package dev.forno.cli.commands;

import dev.forno.cli.calls.Query;
import dev.forno.cli.documents.Json;
import dev.forno.cli.options.Arguments;
import dev.forno.cli.values.Variables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a build, from its options. */
final class BuildQuery {
    private BuildQuery() {}

    static Query of(Arguments arguments, String dockerfile) {
        if (arguments.is("squash")) {
            throw new Failure(1, "--squash is not supported by Forno");
        }
        Query query = Query.of("/build").with("version", "1").with("dockerfile", dockerfile);
        for (String tag : arguments.list("tag")) {
            query.with("t", Transfers.parse(tag).withDefaultTag().familiar());
        }
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (String argument : arguments.list("build-arg")) {
            int equals = argument.indexOf('=');
            // without a value it is this process' variable, or unset
            values.put(
                    equals < 0 ? argument : argument.substring(0, equals),
                    equals < 0 ? System.getenv(argument) : argument.substring(equals + 1));
        }
        document(query, "buildargs", values);
        document(query, "labels", Variables.pairs(arguments.list("label")));
        if (!arguments.list("cache-from").isEmpty()) {
            query.with("cachefrom", Json.of(arguments.list("cache-from")).toString());
        }
        arguments.list("add-host").forEach(host -> query.with("extrahosts", host));
        List<Map<String, Object>> limits = arguments.list("ulimit").stream()
                .map(limit -> HostConfig.ulimit(arguments, limit))
                .toList();
        if (!limits.isEmpty()) {
            query.with("ulimits", Json.of(limits).toString());
        }
        if (!arguments.list("security-opt").isEmpty()) {
            query.with("securityopt", Json.of(arguments.list("security-opt")).toString());
        }
        return resources(flags(query, arguments), arguments);
    }

    private static Query flags(Query query, Arguments arguments) {
        return query.withFlag("q", arguments.is("quiet"))
                .withFlag("nocache", arguments.is("no-cache"))
                .withFlag("pull", arguments.is("pull"))
                .with("rm", arguments.is("rm", true) ? "1" : "0")
                .withFlag("forcerm", arguments.is("force-rm"))
                .withNullable("target", arguments.text("target"))
                .withNullable("platform", arguments.text("platform"))
                .withNullable("networkmode", arguments.text("network"))
                .withNullable("cgroupparent", arguments.text("cgroup-parent"));
    }

    private static Query resources(Query query, Arguments arguments) {
        bytes(query, arguments, "memory", "memory");
        bytes(query, arguments, "memswap", "memory-swap");
        bytes(query, arguments, "shmsize", "shm-size");
        return query.withNullable("cpushares", arguments.text("cpu-shares"))
                .withNullable("cpuperiod", arguments.text("cpu-period"))
                .withNullable("cpuquota", arguments.text("cpu-quota"))
                .withNullable("cpusetcpus", arguments.text("cpuset-cpus"))
                .withNullable("cpusetmems", arguments.text("cpuset-mems"));
    }

    private static void bytes(Query query, Arguments arguments, String parameter, String option) {
        if (arguments.given(option)) {
            query.with(parameter, "" + arguments.bytes(option, 0));
        }
    }

    private static void document(Query query, String name, Map<String, ? extends @Nullable Object> values) {
        if (!values.isEmpty()) {
            query.with(name, Json.of(values).toString());
        }
    }
}

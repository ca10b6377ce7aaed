package dev.forno.cli.commands;

import dev.forno.cli.options.Arguments;
import dev.forno.cli.values.PortSpec;
import dev.forno.cli.values.Variables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The document of a new container, from the options of {@code run} and {@code create}. */
final class CreateRequest {
    /** An option whose value, or the file it names, says nothing sensible. */
    static final class Invalid extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Invalid(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Arguments arguments;
    private final Map<String, Object> config = new LinkedHashMap<>();

    private CreateRequest(Arguments arguments) {
        this.arguments = arguments;
    }

    /**
     * Builds the document.
     *
     * @param attached whether streams are attached when the options do not name them
     * @throws Invalid when an option, or a file that it names, says nothing sensible
     */
    static Map<String, Object> build(Arguments arguments, boolean attached) {
        CreateRequest request = new CreateRequest(arguments);
        try {
            request.process(attached);
            request.metadata();
            request.health();
            request.ports();
            HostConfig.build(arguments, request.config);
            request.network();
        } catch (IllegalArgumentException | IOException e) {
            throw new Invalid(e);
        }
        return request.config;
    }

    private void process(boolean attached) throws IOException {
        List<String> words = arguments.operands();
        boolean interactive = arguments.is("interactive");
        List<String> streams = new ArrayList<>();
        for (String stream : arguments.list("attach")) {
            String name = stream.toLowerCase(Locale.ROOT);
            if (!List.of("stdin", "stdout", "stderr").contains(name)) {
                throw arguments.invalid("attach", stream, "valid streams are STDIN, STDOUT and STDERR");
            }
            streams.add(name);
        }
        if (streams.isEmpty() && attached) {
            streams = interactive ? List.of("stdin", "stdout", "stderr") : List.of("stdout", "stderr");
        }
        boolean stdin = streams.contains("stdin");
        config.put("AttachStdin", stdin);
        config.put("AttachStdout", streams.contains("stdout"));
        config.put("AttachStderr", streams.contains("stderr"));
        config.put("Tty", arguments.is("tty"));
        config.put("OpenStdin", interactive);
        config.put("StdinOnce", interactive && stdin);
        config.put("Image", words.getFirst());
        if (words.size() > 1) {
            config.put("Cmd", words.subList(1, words.size()));
        }
        String entrypoint = arguments.text("entrypoint");
        if (entrypoint != null) {
            config.put("Entrypoint", List.of(entrypoint));
        }
        config.put("Env", Variables.environment(arguments.list("env-file"), arguments.list("env"), System::getenv));
    }

    private void metadata() throws IOException {
        text("Hostname", "hostname");
        text("Domainname", "domainname");
        text("User", "user");
        text("WorkingDir", "workdir");
        text("StopSignal", "stop-signal");
        text("MacAddress", "mac-address");
        if (arguments.given("stop-timeout")) {
            config.put("StopTimeout", arguments.number("stop-timeout", 0));
        }
        Map<String, String> labels = Variables.labels(arguments.list("label-file"), arguments.list("label"));
        if (!labels.isEmpty()) {
            config.put("Labels", labels);
        }
    }

    private void text(String member, String option) {
        if (arguments.given(option)) {
            config.put(member, arguments.text(option, ""));
        }
    }

    private void health() {
        Map<String, Object> check = new LinkedHashMap<>();
        if (arguments.given("health-cmd")) {
            check.put("Test", List.of("CMD-SHELL", arguments.text("health-cmd", "")));
        }
        duration(check, "Interval", "health-interval");
        duration(check, "Timeout", "health-timeout");
        duration(check, "StartPeriod", "health-start-period");
        duration(check, "StartInterval", "health-start-interval");
        if (arguments.given("health-retries")) {
            check.put("Retries", arguments.number("health-retries", 0));
        }
        if (arguments.is("no-healthcheck")) {
            if (!check.isEmpty()) {
                throw new IllegalArgumentException("--no-healthcheck conflicts with --health-* options");
            }
            check.put("Test", List.of("NONE"));
        }
        if (!check.isEmpty()) {
            config.put("Healthcheck", check);
        }
    }

    private void duration(Map<String, Object> check, String member, String option) {
        java.time.Duration duration = dev.forno.cli.values.Durations.parse(arguments.text(option, "0"));
        if (arguments.given(option) && duration != null) {
            check.put(member, duration.toNanos());
        }
    }

    private void ports() {
        Map<String, Object> exposed = new TreeMap<>();
        for (String publish : arguments.list("publish")) {
            PortSpec.parse(publish).forEach(port -> exposed.put(port.key(), Map.of()));
        }
        for (String expose : arguments.list("expose")) {
            if (expose.indexOf(':') >= 0) {
                throw new IllegalArgumentException("invalid port format for --expose: " + expose);
            }
            PortSpec.parse(expose).forEach(port -> exposed.put(port.key(), Map.of()));
        }
        if (!exposed.isEmpty()) {
            config.put("ExposedPorts", exposed);
        }
    }

    private void network() {
        Map<String, Object> address = new LinkedHashMap<>();
        if (arguments.given("ip")) {
            address.put("IPv4Address", arguments.text("ip", ""));
        }
        if (arguments.given("ip6")) {
            address.put("IPv6Address", arguments.text("ip6", ""));
        }
        Map<String, Object> endpoint = new LinkedHashMap<>();
        if (!address.isEmpty()) {
            endpoint.put("IPAMConfig", address);
        }
        if (!arguments.list("network-alias").isEmpty()) {
            endpoint.put("Aliases", arguments.list("network-alias"));
        }
        if (arguments.given("mac-address")) {
            endpoint.put("MacAddress", arguments.text("mac-address", ""));
        }
        if (!endpoint.isEmpty()) {
            config.put("NetworkingConfig", Map.of("EndpointsConfig", Map.of(HostConfig.network(arguments), endpoint)));
        }
    }
}

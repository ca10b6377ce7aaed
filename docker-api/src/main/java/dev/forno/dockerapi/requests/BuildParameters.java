package dev.forno.dockerapi.requests;

import dev.forno.dockerapi.models.HostConfigDocument.UlimitDocument;
import dev.forno.dockerapi.models.Json;
import dev.forno.dockerapi.models.SystemDocuments.Credentials;
import dev.forno.engine.builds.BuildRequest;
import dev.forno.engine.builds.BuildResources;
import dev.forno.engine.images.RegistryAuth;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The parameters of a classic build, as the builds' service takes them. */
public final class BuildParameters {
    private BuildParameters() {}

    /** Reads the query and headers of {@code request}; its body becomes the context. */
    public static BuildRequest read(ApiRequest request) {
        refuseBuildKit(request);
        String dockerfile = request.text("dockerfile");
        return new BuildRequest(
                request.body(),
                request.textOrNull("remote"),
                dockerfile.isEmpty() ? "Dockerfile" : dockerfile,
                request.texts("t").stream().filter(tag -> !tag.isEmpty()).toList(),
                map(request, "buildargs"),
                request.textOrNull("target"),
                request.flag("nocache"),
                request.flag("pull"),
                map(request, "labels"),
                request.text("networkmode").isEmpty() ? "default" : request.text("networkmode"),
                request.texts("extrahosts").stream()
                        .filter(host -> !host.isEmpty())
                        .toList(),
                resources(request),
                logins(request),
                request.textOrNull("platform"),
                list(request, "cachefrom"),
                request.flag("q"),
                request.flag("squash"),
                request.flag("rm", true),
                list(request, "securityopt"));
    }

    private static void refuseBuildKit(ApiRequest request) {
        if (request.text("version").equals("2")) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED, "BuildKit is not supported yet: build with DOCKER_BUILDKIT=0");
        }
        String outputs = request.text("outputs");
        if (!outputs.isEmpty() && !outputs.equals("[]") && !outputs.equals("null")) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED, "build outputs are part of BuildKit, which is not supported yet");
        }
    }

    private static BuildResources resources(ApiRequest request) {
        List<String> ulimits =
                request.text("ulimits").isEmpty() || request.text("ulimits").equals("null")
                        ? List.of()
                        : Json.readList(request.text("ulimits"), UlimitDocument.class).stream()
                                .map(each -> each.name() + "=" + each.soft() + ":" + each.hard())
                                .toList();
        return new BuildResources(
                request.number("memory", 0),
                request.number("memswap", 0),
                request.number("cpushares", 0),
                request.number("cpuperiod", 0),
                request.number("cpuquota", 0),
                request.textOrNull("cpusetcpus"),
                request.textOrNull("cpusetmems"),
                request.number("shmsize", 0),
                ulimits,
                request.textOrNull("cgroupparent"));
    }

    /** A JSON object of texts; members that are null (an argument named without value) are left out. */
    private static Map<String, String> map(ApiRequest request, String name) {
        Map<String, String> result = new LinkedHashMap<>();
        String text = request.text(name);
        if (!text.isEmpty() && !text.equals("null")) {
            if (!(Json.readAny(text) instanceof Map<?, ?> map)) {
                throw new FornoException(ErrorKind.INVALID_ARGUMENT, "parse " + name + ": expected a JSON object");
            }
            map.forEach((key, value) -> {
                if (value != null) {
                    result.put(String.valueOf(key), String.valueOf(value));
                }
            });
        }
        return result;
    }

    private static List<String> list(ApiRequest request, String name) {
        String text = request.text(name);
        if (text.isEmpty() || text.equals("null")) {
            return List.of();
        }
        if (!(Json.readAny(text) instanceof List<?> list)) {
            throw new FornoException(ErrorKind.INVALID_ARGUMENT, "parse " + name + ": expected a JSON array");
        }
        return list.stream().filter(Objects::nonNull).map(String::valueOf).toList();
    }

    private static Map<String, RegistryAuth> logins(ApiRequest request) {
        String header = request.header("X-Registry-Config").orElse("");
        Map<String, RegistryAuth> result = new LinkedHashMap<>();
        if (!header.isBlank()) {
            String json = new String(Credential.decode(header), StandardCharsets.UTF_8);
            Json.readMap(json, Credentials.class)
                    .forEach((registry, credentials) -> result.put(registry, Credential.toEngine(credentials)));
        }
        return result;
    }
}

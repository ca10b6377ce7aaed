package dev.forno.registry.server;

import dev.forno.http.server.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A secret of this process, by which a registry inside an engine knows the engine's own requests: what the engine has it
 * may mount in any repository that it may write to, without sending it. An empty key belongs to nobody.
 */
public record EngineKey(String secret) {
    /** The header that carries it. */
    public static final String HEADER = "Forno-Engine-Key";

    /** No engine. */
    public static final EngineKey NONE = new EngineKey("");

    boolean sentBy(Request request) {
        byte[] sent = request.header(HEADER).orElse("").getBytes(StandardCharsets.UTF_8);
        return !secret.isEmpty() && MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), sent);
    }

    @Override
    public String toString() {
        return "EngineKey";
    }
}

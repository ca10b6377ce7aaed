package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.registry.client.OwnRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A secret of this process, by which a registry inside an engine knows the engine's own requests: what the engine has it
 * may mount in any repository that it may write to, without sending it. An empty key belongs to nobody.
 */
public record EngineKey(String secret) {
    /** No engine. */
    public static final EngineKey NONE = new EngineKey("");

    /** A new key. */
    public static EngineKey make(RandomGenerator random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return new EngineKey(HexFormat.of().formatHex(bytes));
    }

    boolean sentBy(Request request) {
        byte[] sent = request.header(OwnRegistry.HEADER).orElse("").getBytes(StandardCharsets.UTF_8);
        return !secret.isEmpty() && MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), sent);
    }

    @Override
    public String toString() {
        return "EngineKey";
    }
}

package dev.forno.cli.commands;

import dev.forno.cli.documents.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Platforms in the forms that the API's calls want. */
final class Platforms {
    private Platforms() {}

    /** The JSON form of {@code os[/arch[/variant]]}; null stays null. */
    static @Nullable String document(@Nullable String platform) {
        if (platform == null || platform.isEmpty()) {
            return null;
        }
        String[] parts = platform.split("/", -1);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("os", parts[0]);
        if (parts.length > 1) {
            members.put("architecture", parts[1]);
        }
        if (parts.length > 2) {
            members.put("variant", parts[2]);
        }
        return Json.of(members).toString();
    }
}

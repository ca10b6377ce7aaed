package dev.forno.dockerapi.requests;

import dev.forno.dockerapi.models.Json;
import dev.forno.engine.Filters;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code filters} parameter: {@code {"key":{"value":true}}}, or {@code {"key":["value"]}} of older clients. */
final class FilterText {
    private FilterText() {}

    static Filters parse(String text) {
        if (text.isEmpty()) {
            return Filters.NONE;
        }
        Object parsed;
        try {
            parsed = Json.readAny(text);
        } catch (FornoException e) {
            throw invalid();
        }
        if (!(parsed instanceof Map<?, ?> map)) {
            throw invalid();
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        map.forEach((key, value) -> values.put(String.valueOf(key), valuesOf(value)));
        return new Filters(values);
    }

    private static List<String> valuesOf(Object value) {
        List<String> result = new ArrayList<>();
        switch (value) {
            case List<?> list -> list.forEach(each -> result.add(String.valueOf(each)));
            case Map<?, ?> map ->
                map.forEach((each, chosen) -> {
                    if (!Boolean.FALSE.equals(chosen)) {
                        result.add(String.valueOf(each));
                    }
                });
            default -> throw invalid();
        }
        return result;
    }

    private static FornoException invalid() {
        return new FornoException(ErrorKind.INVALID_ARGUMENT, "invalid filter");
    }
}

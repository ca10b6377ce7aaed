package dev.forno.registry.client;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One challenge of {@code WWW-Authenticate} headers (RFC 9110, 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {
    /** All challenges of an answer, those that can't be read left out. */
    static List<Challenge> of(HttpHeaders headers) {
        List<Challenge> challenges = new ArrayList<>();
        headers.allValues("www-authenticate").forEach(value -> new Parser(value).readInto(challenges));
        return List.copyOf(challenges);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Reads one header value, which may hold several challenges. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void readInto(List<Challenge> challenges) {
            skip(" \t,");
            String scheme = token();
            while (!scheme.isEmpty()) {
                Map<String, String> parameters = new HashMap<>();
                String next = "";
                skip(" \t,");
                String name = token();
                while (!name.isEmpty()) {
                    skip(" \t");
                    if (!peek('=')) {
                        next = name;
                        break;
                    }
                    at++;
                    skip(" \t");
                    parameters.put(name.toLowerCase(Locale.ROOT), peek('"') ? quoted() : token());
                    skip(" \t,");
                    name = token();
                }
                challenges.add(new Challenge(scheme.toLowerCase(Locale.ROOT), Map.copyOf(parameters)));
                scheme = next;
            }
        }

        private String token() {
            int start = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at++));
            }
            at = Math.min(at + 1, text.length());
            return value.toString();
        }

        private boolean peek(char c) {
            return at < text.length() && text.charAt(at) == c;
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }
    }
}

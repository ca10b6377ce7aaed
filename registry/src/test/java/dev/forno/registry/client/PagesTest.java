package dev.forno.registry.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forno.oci.Descriptor;
import dev.forno.oci.Digest;
import dev.forno.oci.Documents;
import dev.forno.oci.Index;
import dev.forno.oci.MediaTypes;
import dev.forno.oci.Reference;
import dev.forno.registry.credentials.Credentials;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the pages of a listing are found. */
class PagesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "</n>; rel=\"next\"",
                "</n>;rel=next",
                " </n> ; Rel = \"Next\" ",
                "</p>; rel=\"prev\", </n>; rel=\"next\"",
                "</n>; rel=\"next\", </p>; rel=\"prev\"",
                "</p>; rel=prev; rel=next, </n>; title=\"a, <b>; rel=prev \\\" c\"; rel=\"last next\"",
                "</p>, </q>; title=\"rel=next\"; rel=\"nextish\", </n>; rel=next, </o>; rel=next"
            })
    void findsTheNextPage(String header) {
        assertEquals(Optional.of("/n"), Pages.next(header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",;<>=",
                "</p>; rel=\"prev\"",
                "</p>; rel=\"prev\", </q>; title=next",
                "/n; rel=next",
                "</n; rel=next",
                "</n>; title=\"; rel=next",
                "</n>; title=\"\\"
            })
    void findsNoneWhereThereIsNone(String header) {
        assertEquals(Optional.empty(), Pages.next(header));
    }

    @Test
    void keepsAddressesWithSeparatorsWhole() {
        assertEquals(Optional.of("/v2/a/tags/list?last=b,c;d"), Pages.next("</v2/a/tags/list?last=b,c;d>; rel=next"));
    }

    /** Each page links back before it links on, and the last one to the first. */
    @Test
    void readsEachPageOnce() throws IOException {
        Digest subject = Digest.of(new byte[0]);
        Map<String, String> links = Map.of(
                "", "<PATH?p=2>; rel=\"next\"",
                "p=2", "<PATH>; rel=\"prev\", <PATH?p=3>; rel=\"next\"",
                "p=3", "<PATH?p=2>; rel=\"prev\", <PATH>; rel=\"next\"");
        try (ScriptedRegistry registry = new ScriptedRegistry();
                RegistryClient client = new RegistryClient(RegistryOptions.DEFAULT.withRetryDelay(Duration.ZERO))) {
            registry.guard = exchange -> {
                String path = exchange.getRequestURI().getPath();
                String page =
                        Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
                if (path.equals("/v2/")) {
                    return false;
                }
                exchange.getResponseHeaders()
                        .set("Link", links.getOrDefault(page, "").replace("PATH", path));
                boolean tags = path.endsWith("/tags/list");
                exchange.getResponseHeaders().set("Content-Type", tags ? "application/json" : MediaTypes.OCI_INDEX);
                return ScriptedRegistry.answer(
                        exchange, 200, tags ? "{\"tags\":[\"t" + page + "\"]}" : index("t" + page));
            };
            Repository repository =
                    client.open(Reference.parse(registry.host() + "/a/b"), Credentials.ANONYMOUS, Access.PULL);
            assertEquals(List.of("t", "tp=2", "tp=3"), repository.tags());
            assertEquals(
                    List.of("t", "tp=2", "tp=3"),
                    repository.referrers(subject).stream()
                            .map(Descriptor::mediaType)
                            .toList());
            assertEquals(7, registry.log.size(), registry.log.toString());
        }
    }

    private static String index(String type) {
        Descriptor entry = Descriptor.of(type, Digest.of(type.getBytes(java.nio.charset.StandardCharsets.UTF_8)), 1);
        return new String(
                Documents.write(Index.class, Index.of(List.of(entry))), java.nio.charset.StandardCharsets.UTF_8);
    }
}

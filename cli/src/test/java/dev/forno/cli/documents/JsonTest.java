package dev.forno.cli.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JsonTest {
    private static final String TEXT =
            "{\"b\":1,\"a\":[true,null,\"x\\u003cy\\n\",{}],\"big\":9223372036854771712,\"f\":0.25,\"e\":[]}";

    @Test
    void valuesKeepOrderAndPrecision() {
        assertEquals(TEXT.replace("\\u003c", "<"), Json.parse(TEXT).toString());
        assertEquals(9223372036854771712L, Json.parse(TEXT).number("big"));
        assertEquals(0.25, Json.parse(TEXT).decimal("f"));
    }

    @Test
    void whatIsAbsentIsEmpty() {
        Json json = Json.parse(TEXT);
        assertTrue(json.at("no", "such").isEmpty());
        assertEquals("", json.text("no"));
        assertEquals(0, json.number("a", "b"));
        assertTrue(json.at("b").elements().isEmpty());
    }

    @Test
    void indentationLeavesTokensAlone() {
        assertEquals("""
                {
                    "b": 1,
                    "a": [
                        true,
                        null,
                        "x\\u003cy\\n",
                        {}
                    ],
                    "big": 9223372036854771712,
                    "f": 0.25,
                    "e": []
                }""", JsonIndent.indent(TEXT, "", "    "));
    }
}

package dev.forno.build.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.FornoException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    private static final Map<String, String> VARIABLES = Map.of(
            "x",
            "value",
            "empty",
            "",
            "two",
            "a  b",
            "path",
            "foobarbaz",
            "stars",
            "a*c?e",
            "file",
            "archive.tar.gz",
            "é",
            "accent");
    private static final Words WORDS = new Words('\\', VARIABLES::get);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            plain                   | plain
            $x                      | value
            ${x}                    | value
            ${x}_suffix             | value_suffix
            $x_suffix               | ''
            $                       | $
            $%                      | $%
            $1x                     | x
            \\$x                    | $x
            \\${x}                  | ${x}
            '$x'                    | $x
            "$x"                    | value
            "\\$x"                  | $x
            "a\\b"                  | a\\b
            "a\\"b"                 | a"b
            a\\b                    | ab
            a\\\\b                  | a\\b
            'a\\b'                  | a\\b
            "it's"                  | it's
            'say "hi"'              | say "hi"
            a"b c"d                 | ab cd
            $é                      | accent
            ${x:-w}                 | value
            ${empty:-w}             | w
            ${empty-w}              | ''
            ${none:-w}              | w
            ${none-w}               | w
            ${none:-$x}             | value
            ${none:-${none:-deep}}  | deep
            ${none:-"a b"}          | a b
            ${x:+w}                 | w
            ${empty:+w}             | ''
            ${empty+w}              | w
            ${none+w}               | ''
            ${x?gone}               | value
            ${empty?gone}           | ''
            ${path#f*b}             | arbaz
            ${path##f*b}            | az
            ${path%b*}              | foobar
            ${path%%b*}             | foo
            ${path#nothing}         | foobarbaz
            ${path%z}               | foobarba
            ${path/ba/fo}           | fooforbaz
            ${path//ba/fo}          | fooforfoz
            ${path//a/}             | foobrbz
            ${path/o*a/-}           | f-z
            ${path//?/x}            | xxxxxxxxx
            ${stars#a\\*}           | c?e
            ${stars%\\?e}           | a*c
            ${file%.*}              | archive.tar
            ${file%%.*}             | archive
            ${file##*.}             | gz
            ${none/a/b}             | ''
            a$x$x"$x"               | avaluevaluevalue
            trailing\\              | trailing
            """)
    void expands(String word, String expected) {
        assertEquals(expected.equals("''") ? "" : expected, WORDS.expand(word));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            ${x                     | failed to process "${x": syntax error: missing '}'
            ${                      | failed to process "${": syntax error: missing '}'
            ${}                     | failed to process "${}": syntax error: bad substitution
            ${{x}                   | failed to process "${{x}": syntax error: bad substitution
            ${x:=w}                 | failed to process "${x:=w}": unsupported modifier (:=) in substitution
            ${x!}                   | failed to process "${x!}": unsupported modifier (!) in substitution
            ${none?gone away}       | failed to process "${none?gone away}": none: gone away
            ${none?}                | failed to process "${none?}": none: is not allowed to be unset
            ${empty:?}              | failed to process "${empty:?}": empty: is not allowed to be empty
            ${x/a}                  | failed to process "${x/a}": syntax error: missing '/' in ${}
            "open                   | failed to process ""open": unexpected end of statement while looking for matching double-quote
            'open                   | failed to process "'open": unexpected end of statement while looking for matching single-quote
            ${x#\\a}                | failed to process "${x#\\a}": invalid pattern (\\a) in substitution: invalid escape '\\a'
            """)
    void refuses(String word, String message) {
        FornoException e = assertThrows(FornoException.class, () -> WORDS.expand(word));
        assertEquals(message, e.getMessage());
    }

    @Test
    void splitsAfterExpansionWhereNothingIsQuoted() {
        assertEquals(List.of("a", "b"), WORDS.expandAll("$two"));
        assertEquals(List.of("a  b"), WORDS.expandAll("\"$two\""));
        assertEquals(List.of("80", "443/udp"), WORDS.expandAll(" 80  443/udp "));
        assertEquals(List.of("hello there"), WORDS.expandAll("hello\\ there"));
        assertEquals(List.of("xa", "by"), WORDS.expandAll("x${two}y"));
    }

    @Test
    void otherEscapeCharacterLeavesBackslashes() {
        Words words = new Words('`', VARIABLES::get);
        assertEquals("c:\\dir", words.expand("c:\\dir"));
        assertEquals("$x", words.expand("`$x"));
    }

    @Test
    void heredocTextKeepsQuotesAndExpandsVariables() {
        assertEquals("say \"value\" 'value' $x \\\n", WORDS.expandText("say \"$x\" '${x}' \\$x \\\\\n"));
    }

    @Test
    void expansionIsBounded() {
        String big = "y".repeat(1 << 20);
        Words words = new Words('\\', _ -> big);
        FornoException e = assertThrows(FornoException.class, () -> words.expand("$a".repeat(10)));
        assertTrue(e.getMessage().contains("longer than"), e.getMessage());
        FornoException deep = assertThrows(FornoException.class, () -> WORDS.expand("${none-".repeat(5000)));
        assertTrue(deep.getMessage().contains("nested deeper"), deep.getMessage());
    }

    @Test
    void patternsOfManyStarsEndInTime() {
        Words words = new Words('\\', _ -> "a".repeat(2000));
        assertEquals("a".repeat(2000), words.expand("${x#" + "*a".repeat(50) + "*b}"));
    }
}

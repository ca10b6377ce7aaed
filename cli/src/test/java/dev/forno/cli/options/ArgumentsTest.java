package dev.forno.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final OptionTable TABLE = OptionTable.parse("""
            -a, --all | Everything
            -c, --cpu-shares int | Weight
            -d, --detach | Background
            -e, --env list | Variable
            -f, --filter filter | Condition
            -m, --memory bytes | Memory
            --name string | Name
            --rm | Remove
            -t, --tty | Terminal
            --wait duration | Time
            """);

    private static Arguments parse(String... words) {
        return Arguments.parse(TABLE, List.of(words), true);
    }

    @Test
    void optionsAndOperandsMix() {
        Arguments arguments = parse("one", "--name", "n", "two", "-a");
        assertEquals(List.of("one", "two"), arguments.operands());
        assertEquals("n", arguments.text("name"));
        assertTrue(arguments.is("all"));
        assertFalse(arguments.is("rm"));
        assertNull(arguments.text("memory"));
    }

    @Test
    void aPassedOnCommandLineKeepsItsOptions() {
        Arguments arguments = Arguments.parse(TABLE, List.of("-d", "image", "-a", "--name", "x"), false);
        assertEquals(List.of("image", "-a", "--name", "x"), arguments.operands());
        assertFalse(arguments.is("all"));
    }

    @Test
    void twoDashesEndOptions() {
        assertEquals(List.of("-a"), parse("--", "-a").operands());
        assertEquals(List.of("-"), parse("-").operands());
    }

    @Test
    void lettersShareADash() {
        Arguments arguments = parse("-dte", "A=b", "-eC=d", "-m=5m");
        assertTrue(arguments.is("detach"));
        assertTrue(arguments.is("tty"));
        assertEquals(List.of("A=b", "C=d"), arguments.list("env"));
        assertEquals(5 << 20, arguments.bytes("memory", 0));
    }

    @Test
    void aBooleanTakesAValueOnlyWithAnEqualsSign() {
        assertFalse(parse("--rm=false").is("rm"));
        assertEquals(List.of("false"), parse("--rm", "false").operands());
    }

    @Test
    void theLastOfASingleValueWins() {
        assertEquals("b", parse("--name", "a", "--name=b").text("name"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--foo; unknown flag: --foo",
                "-Z; unknown shorthand flag: 'Z' in -Z",
                "-aZ; unknown shorthand flag: 'Z' in -Z",
                "--name; flag needs an argument: --name",
                "-e; flag needs an argument: 'e' in -e",
                "--memory=x; invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'",
                "-cx; invalid argument \"x\" for \"-c, --cpu-shares\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
                "--rm=maybe; invalid argument \"maybe\" for \"--rm\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
                "--filter=x; invalid argument \"x\" for \"-f, --filter\" flag: bad format of filter (expected name=value)",
                "--wait=5; invalid argument \"5\" for \"--wait\" flag: time: invalid duration \"5\"",
            })
    void complaintsAreDockers(String word, String message) {
        assertEquals(
                message, assertThrows(UsageException.class, () -> parse(word)).getMessage());
    }

    @Test
    void anUndeclaredOptionIsAMistakeOfTheCommand() {
        assertThrows(IllegalArgumentException.class, () -> parse().is("nonsense"));
    }

    @Test
    void helpIsWrappedInTwoColumns() {
        String help = OptionTable.parse("-a, --all | Show all\n--name string | " + "word ".repeat(20))
                .help();
        assertEquals("""
                  -a, --all           Show all
                      --name string   word word word word word word word word word word word
                                      word word word word word word word word word
                """, help);
    }
}

package dev.forno.oci.patterns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.FornoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternsTest {
    @ParameterizedTest
    @CsvSource({
        "abc, abc, true",
        "*, abc, true",
        "*, abc/d, false",
        "*c, abc, true",
        "a*, abc/b, false",
        "a*/b, abc/b, true",
        "a*b*c*d*e*/f, axbxcxdxe/f, true",
        "a*b*c*d*e*/f, axbxcxdxexxx/fff, false",
        "ab[c], abc, true",
        "ab[b-d], abc, true",
        "ab[e-g], abc, false",
        "ab[^c], abc, false",
        "ab[^e-g], abc, true",
        "a\\*b, a*b, true",
        "a\\*b, ab, false",
        "a?b, aéb, true",
        "a[^a]b, aéb, true",
        "a?b, a/b, false",
        "[\\]a], ], true",
        "[\\-x], -, true",
        "[x\\-], z, false",
        "**, a/b, false",
        "'', '', true"
    })
    void copyPatterns(String pattern, String path, boolean matches) {
        assertEquals(matches, PathPattern.of(pattern).matches(path));
    }

    @ParameterizedTest
    @CsvSource({"[]a]", "[", "[^", "[a-", "[-x]", "[x-]", "a[", "a\\"})
    void malformedPatterns(String pattern) {
        assertThrows(FornoException.class, () -> PathPattern.of(pattern));
    }

    @ParameterizedTest
    @CsvSource({
        "**, file, true",
        "**, dir/file, true",
        "**/, file, true",
        "**/, dir/file, true",
        "**/**, dir/dir2/file, true",
        "dir/**, dir/file, true",
        "dir/**, dir/dir2/file, true",
        "**/dir2/*, dir/dir2/file, true",
        "**/dir2/*, dir/dir2/dir2/file, true",
        "**file, dir/file, true",
        "**/file, file, true",
        "**/file, dirfile, false",
        "**/file, dir/file, true",
        "**/file, dir/dir/file, true",
        "**/file*, dir/dir/file.txt, true",
        "**/file*txt, dir/dir/file.txt, true",
        "**/**/*.txt, dir/dir/file.txt, true",
        "**/**/*.txt2, dir/dir/file.txt, false",
        "a**/*.txt, a/dir/file.txt, true",
        "a/*.txt, a/dir/file.txt, false",
        "a/*.txt, a/file.txt, true",
        "a/*.txt**, a/file.txt, true",
        ".*, .foo, true",
        ".*, foo, false",
        "abc.def, abcdef, false",
        "abc?def, abc/def, false",
        "**/foo/bar, foo/bar, true",
        "**/foo/bar, dir/foo/bar, true",
        "abc/**, abc, false",
        "dir, dir/below/deeper, true",
        "/leading, leading, true",
        "./a/../b/, b/c, true",
        "a.c, abc, false",
        "(a|b), a, false",
        "docs/*.md, docs/a.md, true"
    })
    void ignorePatterns(String pattern, String path, boolean excluded) {
        assertEquals(excluded, IgnorePatterns.parse(pattern).excludes(path));
    }

    @Test
    void laterLinesWinAndExceptionsReachBelowExcludedDirectories() {
        IgnorePatterns patterns = IgnorePatterns.parse(
                "\uFEFF# comment\n\n  *.md  \r\n! README*.md\nREADME-secret.md\nnode\n!node/keep\n#no\n \\#file\n");
        assertTrue(patterns.excludes("a.md"));
        assertFalse(patterns.excludes("README.md"));
        assertTrue(patterns.excludes("README-secret.md"));
        assertTrue(patterns.excludes("node/x"));
        assertFalse(patterns.excludes("node/keep/this"));
        assertFalse(patterns.excludes("sub/a.md"));
        assertTrue(patterns.excludes("#file"));
        assertTrue(patterns.mayIncludeBelow("node"));
        assertTrue(patterns.mayIncludeBelow("node/keep"));
        assertFalse(patterns.mayIncludeBelow("node/other"));
        assertFalse(IgnorePatterns.parse("*").mayIncludeBelow("a"));
        assertTrue(IgnorePatterns.parse("*\n!**/*.txt").mayIncludeBelow("a/b"));
        assertFalse(IgnorePatterns.NONE.excludes("a"));
    }

    @Test
    void manyStarsEndInTime() {
        assertFalse(PathPattern.of("*a".repeat(100) + "b").matches("a".repeat(4000)));
        assertFalse(PathPattern.ofIgnoreFile("**a".repeat(100) + "b").matches("a/".repeat(2000)));
    }
}

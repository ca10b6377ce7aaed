package dev.forno.runtime.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsersTest {
    private static final Users USERS = new Users("""
            root:x:0:0:root:/root:/bin/sh
            # a comment
            broken:x
            ana:x:1000:1000::/home/ana:/bin/sh
            1234:x:77:78::/:/bin/sh
            """, """
            root:x:0:root
            ana:x:1000:
            audio:x:29:ana,other
            video:x:44:ana
            """);

    private static RuntimeSpec.User user(long uid, long gid, Long... groups) {
        return new RuntimeSpec.User(uid, gid, List.of(groups));
    }

    @Test
    void resolvesNamesAndNumbers() {
        assertEquals(user(0, 0, 0L), USERS.resolve("", List.of()));
        assertEquals(user(1000, 1000, 1000L, 29L, 44L), USERS.resolve("ana", List.of()));
        assertEquals(user(1000, 1000, 1000L, 29L, 44L), USERS.resolve("1000", List.of()));
        assertEquals(user(5000, 0, 0L), USERS.resolve("5000", List.of()));
        assertEquals(user(77, 78, 78L), USERS.resolve("1234", List.of()), "a name of digits counts before the number");
    }

    @Test
    void groupsThatAreGivenReplaceThoseOfTheUser() {
        assertEquals(user(1000, 44, 44L), USERS.resolve("ana:video", List.of()));
        assertEquals(user(5000, 6000, 6000L), USERS.resolve("5000:6000", List.of()));
        assertEquals(user(0, 29, 29L), USERS.resolve(":audio", List.of()));
        assertEquals(user(1000, 1000, 1000L, 29L, 44L, 99L), USERS.resolve("ana", List.of("video", "99")));
    }

    @Test
    void namesWhatIsUnknown() {
        assertEquals(
                "unable to find user bob: no matching entries in passwd file",
                assertThrows(FornoException.class, () -> USERS.resolve("bob", List.of()))
                        .getMessage());
        assertEquals(
                "unable to find group bobs: no matching entries in group file",
                assertThrows(FornoException.class, () -> USERS.resolve("ana:bobs", List.of()))
                        .getMessage());
        assertEquals(
                "Unable to find group bobs",
                assertThrows(FornoException.class, () -> USERS.resolve("", List.of("bobs")))
                        .getMessage());
        assertThrows(FornoException.class, () -> USERS.resolve("2147483648", List.of()));
        assertThrows(FornoException.class, () -> USERS.resolve("99999999999999999999", List.of()));
    }

    @Test
    void anImageWithoutFilesHasNumbersOnly() {
        Users none = new Users("", "");
        assertEquals(user(0, 0, 0L), none.resolve("", List.of()));
        assertEquals(user(7, 8, 8L), none.resolve("7:8", List.of()));
        assertThrows(FornoException.class, () -> none.resolve("root", List.of()));
    }
}

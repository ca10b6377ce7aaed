package dev.forno.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rooms and the arrows allowed between them (docs/architecture.md). */
class ArchitectureTest {
    private static final String ROOT = "dev.forno.";
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("oci", Set.of()),
            Map.entry("linux", Set.of()),
            Map.entry("store", Set.of("oci", "linux")),
            Map.entry("http", Set.of()),
            Map.entry("registry", Set.of("oci", "http", "store")),
            Map.entry("runtime", Set.of("oci", "linux")),
            Map.entry("network", Set.of("oci", "linux")),
            Map.entry("build", Set.of("oci", "linux", "store", "runtime", "network", "registry")),
            Map.entry("engine", Set.of("oci", "linux", "store", "http", "registry", "runtime", "network", "build")),
            Map.entry("dockerapi", Set.of("engine", "http", "oci")),
            Map.entry("cli", Set.of("dockerapi", "http", "linux", "oci")));
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.forno");

    @TestFactory
    Stream<DynamicTest> everyRoomUsesOnlyTheRoomsItMay() {
        return ARROWS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> {
                    String[] forbidden = ARROWS.keySet().stream()
                            .filter(other -> !other.equals(room.getKey())
                                    && !room.getValue().contains(other))
                            .map(other -> ROOT + other + "..")
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + room.getKey() + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden)
                            .check(CLASSES);
                }));
    }

    @Test
    void everyClassLivesInARoom() {
        String[] rooms = Stream.concat(
                        ARROWS.keySet().stream().map(room -> ROOT + room + ".."),
                        Stream.of("dev.forno", "dev.forno.jsonb", "dev.forno.e2e.."))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(rooms).check(CLASSES);
    }

    @Test
    void onlyLinuxCallsNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "linux..", ROOT + "e2e..")
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.<JavaClass>describe("the foreign-function API", type -> type.getPackageName()
                                .equals(Linker.class.getPackageName())))
                .check(CLASSES);
    }

    @Test
    void packagesOfARoomDoNotGoInCircles() {
        ARROWS.keySet().forEach(room -> slices().matching(ROOT + room + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES));
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..jsonb..")
                .and()
                .doNotHaveSimpleName("CredentialHelper") // the protocol's own name
                .and()
                .doNotHaveSimpleName("LastingLogManager") // the JDK's own name for it
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Common|Impl)$")
                .check(CLASSES);
    }
}

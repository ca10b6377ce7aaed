package dev.forno.runtime.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forno.oci.FornoException;
import dev.forno.oci.RuntimeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SeccompProfileTest {
    private static final Machine AMD64 = Machine.of("amd64", "6.1.0-18-amd64");

    private static Set<String> allowed(Machine machine, List<String> capabilities) {
        RuntimeSpec.Seccomp filter =
                SeccompProfile.builtIn().evaluate(machine, capabilities).orElseThrow();
        Set<String> names = new TreeSet<>();
        filter.syscalls().stream()
                .filter(r -> r.action().equals("SCMP_ACT_ALLOW") && r.args() == null)
                .forEach(r -> names.addAll(r.names()));
        return names;
    }

    @Test
    void theDefaultDependsOnCapabilities() {
        Set<String> usual = allowed(AMD64, Capabilities.DEFAULT);
        assertTrue(usual.containsAll(List.of("openat", "chroot", "ptrace", "arch_prctl")));
        assertFalse(usual.contains("mount"));
        assertFalse(usual.contains("clone3"));
        List<String> admin = new ArrayList<>(Capabilities.DEFAULT);
        admin.add("CAP_SYS_ADMIN");
        assertTrue(allowed(AMD64, admin).containsAll(List.of("mount", "clone3", "setns", "bpf")));
        assertFalse(allowed(AMD64, List.of()).contains("chroot"));
    }

    @Test
    void theDefaultDependsOnTheMachine() {
        assertFalse(
                allowed(Machine.of("amd64", "4.4.0-1"), Capabilities.DEFAULT).contains("ptrace"));
        assertTrue(allowed(Machine.of("amd64", "4.8"), Capabilities.DEFAULT).contains("ptrace"));
        Set<String> arm = allowed(Machine.of("arm64", "6.1"), Capabilities.DEFAULT);
        assertTrue(arm.contains("arm_fadvise64_64"));
        assertFalse(arm.contains("arch_prctl"));
        assertEquals(
                List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
                SeccompProfile.builtIn()
                        .evaluate(AMD64, List.of())
                        .orElseThrow()
                        .architectures());
        assertEquals(
                List.of("SCMP_ARCH_RISCV64"),
                SeccompProfile.builtIn()
                        .evaluate(Machine.of("riscv64", "6.6"), List.of())
                        .orElseThrow()
                        .architectures());
    }

    @Test
    void conditionsOnArgumentsAndErrorsStay() {
        RuntimeSpec.Seccomp filter =
                SeccompProfile.builtIn().evaluate(AMD64, Capabilities.DEFAULT).orElseThrow();
        assertEquals("SCMP_ACT_ERRNO", filter.defaultAction());
        assertEquals(1, filter.defaultErrnoRet());
        RuntimeSpec.SeccompRule clone3 = filter.syscalls().stream()
                .filter(r -> r.names().equals(List.of("clone3")))
                .findFirst()
                .orElseThrow();
        assertEquals(38, clone3.errnoRet());
        assertTrue(filter.syscalls().stream()
                .anyMatch(r -> r.names().contains("clone")
                        && r.args() != null
                        && r.args().getFirst().op().equals("SCMP_CMP_MASKED_EQ")));
    }

    @Test
    void readsUsersProfiles() {
        SeccompProfile old = SeccompProfile.parse("""
                {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
                 "syscalls": [{"name": "chmod", "action": "SCMP_ACT_ERRNO", "args": []}], "later": {"x": [1]}}""");
        RuntimeSpec.Seccomp filter = old.evaluate(AMD64, List.of()).orElseThrow();
        assertEquals(List.of("chmod"), filter.syscalls().getFirst().names());
        assertEquals(List.of("SCMP_ARCH_X86_64"), filter.architectures());
        assertEquals(Optional.empty(), SeccompProfile.parse("{}").evaluate(AMD64, List.of()));
    }

    @Test
    void refusesContradictions() {
        assertThrows(FornoException.class, () -> SeccompProfile.parse("{\"defaultAction\": "));
        assertThrows(FornoException.class, () -> SeccompProfile.parse("null"));
        String both = """
                {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
                 "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": null}]}""";
        assertThrows(FornoException.class, () -> SeccompProfile.parse(both).evaluate(AMD64, List.of()));
        String names = """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "syscalls": [{"name": "a", "names": ["b"], "action": "SCMP_ACT_ALLOW"}]}""";
        assertThrows(FornoException.class, () -> SeccompProfile.parse(names).evaluate(AMD64, List.of()));
    }
}

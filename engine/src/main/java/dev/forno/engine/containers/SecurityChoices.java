package dev.forno.engine.containers;

import dev.forno.engine.containers.HostOptions.SecurityOptions;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import dev.forno.runtime.tasks.Confinement;

/** What {@code --security-opt} texts mean together. */
record SecurityChoices(boolean noNewPrivileges, Confinement.Seccomp seccomp) {

    /** Reads the options; throws {@link ErrorKind#INVALID_ARGUMENT} or {@link ErrorKind#NOT_IMPLEMENTED}. */
    static SecurityChoices of(SecurityOptions security) {
        boolean noNewPrivileges = false;
        Confinement.Seccomp seccomp = new Confinement.DefaultProfile();
        for (String option : security.options()) {
            int cut = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
            String key = cut < 0 ? option : option.substring(0, cut);
            String value = cut < 0 ? "" : option.substring(cut + 1);
            switch (key) {
                case "no-new-privileges" -> noNewPrivileges = flag(option, value);
                case "seccomp" -> seccomp = seccomp(value);
                case "apparmor", "label" -> disabledOnly(option, value);
                default -> throw OptionChecks.invalid("invalid --security-opt 2: \"" + option + "\"");
            }
        }
        return new SecurityChoices(noNewPrivileges, seccomp);
    }

    private static boolean flag(String option, String value) {
        return switch (value) {
            case "", "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw OptionChecks.invalid("invalid --security-opt 2: \"" + option + "\"");
        };
    }

    private static Confinement.Seccomp seccomp(String value) {
        return switch (value) {
            case "unconfined" -> new Confinement.Unconfined();
            case "builtin", "" -> new Confinement.DefaultProfile();
            default -> {
                if (!value.stripLeading().startsWith("{")) {
                    throw OptionChecks.invalid("Decoding seccomp profile failed: expected the profile's JSON text");
                }
                yield new Confinement.CustomProfile(value);
            }
        };
    }

    private static void disabledOnly(String option, String value) {
        if (!value.equals("unconfined") && !value.equals("disable")) {
            throw new FornoException(
                    ErrorKind.NOT_IMPLEMENTED,
                    "create container: --security-opt " + option
                            + " is not supported by Forno yet (no AppArmor and SELinux labels)");
        }
    }
}

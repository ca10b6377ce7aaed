package dev.forno.engine.containers;

import java.util.regex.Pattern;

/** Lists of processors as the kernel writes them: {@code 0-2,4}. */
final class ProcessorSet {
    private static final Pattern LIST = Pattern.compile("\\d{1,5}(-\\d{1,5})?(,\\d{1,5}(-\\d{1,5})?)*");

    private ProcessorSet() {}

    /** Throws for a malformed list, and for processors that the machine does not have. */
    static void check(String list, int processors) {
        if (list.isEmpty()) {
            return;
        }
        if (!LIST.matcher(list).matches()) {
            throw OptionChecks.invalid("Invalid value " + list + " for cpuset cpus");
        }
        for (String part : list.split(",", -1)) {
            for (String number : part.split("-", -1)) {
                if (Integer.parseInt(number) >= processors) {
                    throw OptionChecks.invalid("Requested CPUs are not available - requested " + list
                            + ", available: 0-" + (processors - 1));
                }
            }
        }
    }
}

/** Sizes, durations, times, ports, mounts and environment in their command-line spellings. */
@NullMarked
package dev.forno.cli.values;

import org.jspecify.annotations.NullMarked;

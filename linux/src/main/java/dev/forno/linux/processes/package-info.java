/** Processes: spawning with chosen descriptors, waiting and signalling without races on process ids. */
@NullMarked
package dev.forno.linux.processes;

import org.jspecify.annotations.NullMarked;

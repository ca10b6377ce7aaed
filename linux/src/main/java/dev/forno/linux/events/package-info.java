/** Waiting for the kernel without blocking a carrier thread: readiness of descriptors, changes of files. */
@NullMarked
package dev.forno.linux.events;

import org.jspecify.annotations.NullMarked;

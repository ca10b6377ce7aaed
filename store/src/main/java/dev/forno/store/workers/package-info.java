/** Threads for long work; not exported. */
@NullMarked
package dev.forno.store.workers;

import org.jspecify.annotations.NullMarked;

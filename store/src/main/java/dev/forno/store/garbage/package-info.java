/** Garbage collection: removes what neither a root nor a lease reaches. */
@NullMarked
package dev.forno.store.garbage;

import org.jspecify.annotations.NullMarked;

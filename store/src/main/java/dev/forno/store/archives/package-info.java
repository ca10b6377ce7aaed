/** Tar archives: a streaming reader and writer, and trees read from and written to them. */
@NullMarked
package dev.forno.store.archives;

import org.jspecify.annotations.NullMarked;

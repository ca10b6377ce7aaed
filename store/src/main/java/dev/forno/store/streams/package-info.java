/** Streams that several parts of the store put between others. */
@NullMarked
package dev.forno.store.streams;

import org.jspecify.annotations.NullMarked;

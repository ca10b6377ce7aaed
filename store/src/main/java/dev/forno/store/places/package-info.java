/** Where a store keeps what, for accounts of disk space and for removals. */
@NullMarked
package dev.forno.store.places;

import org.jspecify.annotations.NullMarked;

/** The store as a whole: one directory that holds content, metadata, layers and snapshots. */
@NullMarked
package dev.forno.store;

import org.jspecify.annotations.NullMarked;

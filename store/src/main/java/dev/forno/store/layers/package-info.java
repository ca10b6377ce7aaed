/** Layers: from compressed blobs to installed trees, and back from snapshots to blobs. */
@NullMarked
package dev.forno.store.layers;

import org.jspecify.annotations.NullMarked;

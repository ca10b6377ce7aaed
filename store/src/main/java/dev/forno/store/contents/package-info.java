/** Blobs by digest: immutable, verified, durable. */
@NullMarked
package dev.forno.store.contents;

import org.jspecify.annotations.NullMarked;

/** Leases: what keeps content from being collected while work is in flight. */
@NullMarked
package dev.forno.store.leases;

import org.jspecify.annotations.NullMarked;

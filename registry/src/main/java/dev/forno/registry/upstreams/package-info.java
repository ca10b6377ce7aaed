/** Copies of other registries' repositories that an embedded registry fills on demand. */
@NullMarked
package dev.forno.registry.upstreams;

import org.jspecify.annotations.NullMarked;

/** The build cache: what each step made, by a digest of everything that decides about it. */
@NullMarked
package dev.forno.build.caches;

import org.jspecify.annotations.NullMarked;

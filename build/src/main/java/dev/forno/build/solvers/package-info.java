/** Solves a Dockerfile: which stages, in which order, from the cache or executed, to an image configuration with layers. */
@NullMarked
package dev.forno.build.solvers;

import org.jspecify.annotations.NullMarked;

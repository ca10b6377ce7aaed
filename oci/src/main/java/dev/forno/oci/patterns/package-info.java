/** Patterns for paths of build contexts: {@code .dockerignore} and the wildcards of COPY. Pure text. */
@NullMarked
package dev.forno.oci.patterns;

import org.jspecify.annotations.NullMarked;

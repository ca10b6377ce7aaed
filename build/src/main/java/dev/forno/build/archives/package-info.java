/** Archives from outside: found out, decompressed, and extracted into a directory that they can't leave. */
@NullMarked
package dev.forno.build.archives;

import org.jspecify.annotations.NullMarked;

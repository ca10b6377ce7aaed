/** The native calls themselves; not exported. */
@NullMarked
package dev.forno.linux.calls;

import org.jspecify.annotations.NullMarked;

/** Terminals: is a descriptor one, how large is it, and raw mode with restoration. */
@NullMarked
package dev.forno.linux.terminals;

import org.jspecify.annotations.NullMarked;

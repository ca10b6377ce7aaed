/** Calls to the engine and their errors. */
@NullMarked
package dev.forno.cli.calls;

import org.jspecify.annotations.NullMarked;

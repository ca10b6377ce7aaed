/** The forno command. */
@NullMarked
package dev.forno.cli;

import org.jspecify.annotations.NullMarked;

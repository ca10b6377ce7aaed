/** Declarative options: what a command accepts, and the parsed command line. */
@NullMarked
package dev.forno.cli.options;

import org.jspecify.annotations.NullMarked;

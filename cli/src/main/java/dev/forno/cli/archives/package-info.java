/** Tar archives: build contexts and copies. */
@NullMarked
package dev.forno.cli.archives;

import org.jspecify.annotations.NullMarked;

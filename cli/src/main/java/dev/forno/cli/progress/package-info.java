/** Progress of pulls, pushes and builds. */
@NullMarked
package dev.forno.cli.progress;

import org.jspecify.annotations.NullMarked;

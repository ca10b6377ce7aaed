/** The subset of Go templates that people use with --format. */
@NullMarked
package dev.forno.cli.templates;

import org.jspecify.annotations.NullMarked;

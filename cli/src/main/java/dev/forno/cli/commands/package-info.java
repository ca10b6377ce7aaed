/** The commands, one class for each or for a few of a kind. */
@NullMarked
package dev.forno.cli.commands;

import org.jspecify.annotations.NullMarked;

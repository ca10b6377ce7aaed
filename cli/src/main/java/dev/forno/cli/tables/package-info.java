/** Columns and listings as docker prints them. */
@NullMarked
package dev.forno.cli.tables;

import org.jspecify.annotations.NullMarked;

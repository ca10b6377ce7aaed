/** The engine and its machine: information, version, disk usage. */
@NullMarked
package dev.forno.engine.system;

import org.jspecify.annotations.NullMarked;

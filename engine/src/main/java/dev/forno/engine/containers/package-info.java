/** Containers: their records, processes, streams and files. */
@NullMarked
package dev.forno.engine.containers;

import org.jspecify.annotations.NullMarked;

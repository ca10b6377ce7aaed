/** Attached streams: frames, detach keys, terminals, signals. */
@NullMarked
package dev.forno.cli.streams;

import org.jspecify.annotations.NullMarked;

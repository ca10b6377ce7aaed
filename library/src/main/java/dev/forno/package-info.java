/** The library entry {@link dev.forno.Forno}, the daemon, and all wiring. */
@NullMarked
package dev.forno;

import org.jspecify.annotations.NullMarked;

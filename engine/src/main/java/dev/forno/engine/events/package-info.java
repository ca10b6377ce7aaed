/** What happened in the engine, recent and live. */
@NullMarked
package dev.forno.engine.events;

import org.jspecify.annotations.NullMarked;

/** The networks that containers can join. */
@NullMarked
package dev.forno.engine.networks;

import org.jspecify.annotations.NullMarked;

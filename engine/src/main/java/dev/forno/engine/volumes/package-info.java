/** Named and anonymous volumes. */
@NullMarked
package dev.forno.engine.volumes;

import org.jspecify.annotations.NullMarked;

/** The Docker Engine API over the engine's services. */
@NullMarked
package dev.forno.dockerapi;

import org.jspecify.annotations.NullMarked;

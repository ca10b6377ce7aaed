/** The engine's own credentials: Docker's {@code config.json} and the helper programs that it names. */
@NullMarked
package dev.forno.registry.credentials;

import org.jspecify.annotations.NullMarked;

/**
 * A proxy in front of a registry that misbehaves on purpose; the tests of this and of other rooms use it (test jar of this
 * room).
 */
@NullMarked
package dev.forno.registry.faults;

import org.jspecify.annotations.NullMarked;

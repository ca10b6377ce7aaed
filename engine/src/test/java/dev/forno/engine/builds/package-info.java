@NullMarked
package dev.forno.engine.builds;

import org.jspecify.annotations.NullMarked;

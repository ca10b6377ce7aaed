@NullMarked
package dev.forno.engine.system;

import org.jspecify.annotations.NullMarked;

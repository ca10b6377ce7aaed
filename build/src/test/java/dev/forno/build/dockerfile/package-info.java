@NullMarked
package dev.forno.build.dockerfile;

import org.jspecify.annotations.NullMarked;

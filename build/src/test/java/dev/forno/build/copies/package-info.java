@NullMarked
package dev.forno.build.copies;

import org.jspecify.annotations.NullMarked;

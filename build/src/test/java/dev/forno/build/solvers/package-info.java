@NullMarked
package dev.forno.build.solvers;

import org.jspecify.annotations.NullMarked;

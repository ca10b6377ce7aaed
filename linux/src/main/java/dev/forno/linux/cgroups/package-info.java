/** Control groups, version 1 and 2: finding, reading, removing. */
@NullMarked
package dev.forno.linux.cgroups;

import org.jspecify.annotations.NullMarked;

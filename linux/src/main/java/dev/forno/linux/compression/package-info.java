/** Fast compression: through the ISA-L library where the machine has it, else the JDK's own. */
@NullMarked
package dev.forno.linux.compression;

import org.jspecify.annotations.NullMarked;

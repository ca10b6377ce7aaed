@NullMarked
package dev.forno.oci.patterns;

import org.jspecify.annotations.NullMarked;

/** Values of the OCI image and distribution specifications, their JSON, and the closed set of error kinds. */
@NullMarked
package dev.forno.oci;

import org.jspecify.annotations.NullMarked;

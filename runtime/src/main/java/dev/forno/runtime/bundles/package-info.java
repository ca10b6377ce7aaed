/** From a task's specification to the OCI runtime's configuration. */
@NullMarked
package dev.forno.runtime.bundles;

import org.jspecify.annotations.NullMarked;

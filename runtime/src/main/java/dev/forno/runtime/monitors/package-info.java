/** The programs that hold a task: the OCI runtime and its monitor. */
@NullMarked
package dev.forno.runtime.monitors;

import org.jspecify.annotations.NullMarked;

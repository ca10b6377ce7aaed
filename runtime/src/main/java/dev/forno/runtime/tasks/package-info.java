/** A container's processes as seen from above: what to run, the running task, its stdio, exec, exit and resources. */
@NullMarked
package dev.forno.runtime.tasks;

import org.jspecify.annotations.NullMarked;

/** What a process may do: capabilities, system call filters, users. */
@NullMarked
package dev.forno.runtime.confinement;

import org.jspecify.annotations.NullMarked;

/** The host's ports: who holds them, and the relay that serves where the kernel's address translation does not. */
@NullMarked
package dev.forno.network.ports;

import org.jspecify.annotations.NullMarked;

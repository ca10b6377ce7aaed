/** Bridge networks in the kernel: devices, addresses, endpoints and the packet filter. */
@NullMarked
package dev.forno.network.bridges;

import org.jspecify.annotations.NullMarked;

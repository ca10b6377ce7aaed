/** Bridge networks and the endpoints by which containers take part in them: namespaces, addresses, published ports. */
@NullMarked
package dev.forno.network.endpoints;

import org.jspecify.annotations.NullMarked;

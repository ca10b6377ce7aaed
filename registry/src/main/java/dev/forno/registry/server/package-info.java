/** An embedded registry: the server's side of the distribution protocol (OCI distribution specification 1.1). */
@NullMarked
package dev.forno.registry.server;

import org.jspecify.annotations.NullMarked;

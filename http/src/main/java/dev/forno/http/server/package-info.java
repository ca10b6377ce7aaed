/** The HTTP server: routing, bounded bodies, streaming and connection takeover. */
@NullMarked
package dev.forno.http.server;

import org.jspecify.annotations.NullMarked;

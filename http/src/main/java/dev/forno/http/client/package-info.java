/** A small blocking HTTP/1.1 client over Unix sockets and TCP, made for fast cold starts. */
@NullMarked
package dev.forno.http.client;

import org.jspecify.annotations.NullMarked;

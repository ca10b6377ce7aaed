/** What server and client share: endpoints and duplex streams. */
@NullMarked
package dev.forno.http;

import org.jspecify.annotations.NullMarked;

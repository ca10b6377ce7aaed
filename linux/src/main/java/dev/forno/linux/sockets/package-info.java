/** Unix sockets and fifos that the JDK does not speak. */
@NullMarked
package dev.forno.linux.sockets;

import org.jspecify.annotations.NullMarked;

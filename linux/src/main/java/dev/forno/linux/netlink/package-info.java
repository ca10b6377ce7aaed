/** Netlink: messages, sockets, and the routing family (links, addresses, routes). */
@NullMarked
package dev.forno.linux.netlink;

import org.jspecify.annotations.NullMarked;

/** The texts of a container's resolv.conf, hosts and hostname files: pure functions. */
@NullMarked
package dev.forno.network.hosts;

import org.jspecify.annotations.NullMarked;

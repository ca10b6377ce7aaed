/** Proxies that the environment names. */
@NullMarked
package dev.forno.registry.proxies;

import org.jspecify.annotations.NullMarked;

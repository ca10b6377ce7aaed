/** Which hosts answer for a registry, as {@code hosts.toml}, {@code registries.conf} and options say. */
@NullMarked
package dev.forno.registry.hosts;

import org.jspecify.annotations.NullMarked;

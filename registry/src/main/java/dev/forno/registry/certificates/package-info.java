/** The certificates by which registries are trusted, and those shown to them. */
@NullMarked
package dev.forno.registry.certificates;

import org.jspecify.annotations.NullMarked;

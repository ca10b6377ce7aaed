/** What COPY and ADD do: finding sources, digesting them for the cache, writing them into an image's root. */
@NullMarked
package dev.forno.build.copies;

import org.jspecify.annotations.NullMarked;

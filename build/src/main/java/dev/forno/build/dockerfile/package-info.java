/**
 * Dockerfiles as text: parsing into typed instructions, and the expansion of words. No files, no threads, no policy: what an
 * instruction does is decided elsewhere.
 */
@NullMarked
package dev.forno.build.dockerfile;

import org.jspecify.annotations.NullMarked;

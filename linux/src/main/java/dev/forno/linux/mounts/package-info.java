/** Mounting, unmounting and reading the mount table. */
@NullMarked
package dev.forno.linux.mounts;

import org.jspecify.annotations.NullMarked;

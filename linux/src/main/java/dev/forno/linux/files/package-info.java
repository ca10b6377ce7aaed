/** Files below a directory that hostile names and links can't lead out of. */
@NullMarked
package dev.forno.linux.files;

import org.jspecify.annotations.NullMarked;

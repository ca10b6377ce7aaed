/** Layers as trees of pointers into their tar files, and EROFS indexes over them (docs/architecture.md, "Layers"). */
@NullMarked
package dev.forno.store.indexes;

import org.jspecify.annotations.NullMarked;

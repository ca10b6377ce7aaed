/** Root file systems of containers: installed layers below, a writable tree above. */
@NullMarked
package dev.forno.store.snapshots;

import org.jspecify.annotations.NullMarked;

/** From failures of files and disks to the store's exception; not exported. */
@NullMarked
package dev.forno.store.failures;

import org.jspecify.annotations.NullMarked;

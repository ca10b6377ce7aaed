/** What every kernel area shares: the failed call. */
@NullMarked
package dev.forno.linux;

import org.jspecify.annotations.NullMarked;

/** Build contexts: what the client sent, in a directory of its own. */
@NullMarked
package dev.forno.build.contexts;

import org.jspecify.annotations.NullMarked;

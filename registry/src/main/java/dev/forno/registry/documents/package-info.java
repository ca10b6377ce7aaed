/** JSON documents of the distribution protocol and its token servers. */
@NullMarked
package dev.forno.registry.documents;

import org.jspecify.annotations.NullMarked;

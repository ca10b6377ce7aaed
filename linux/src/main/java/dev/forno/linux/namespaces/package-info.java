/** Network namespaces that have a name in the file system and no process of their own. */
@NullMarked
package dev.forno.linux.namespaces;

import org.jspecify.annotations.NullMarked;

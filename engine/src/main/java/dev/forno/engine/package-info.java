/** What all services of the engine share: the filters that lists, prunes and event streams take. */
@NullMarked
package dev.forno.engine;

import org.jspecify.annotations.NullMarked;

/** Image builds from Dockerfiles: the service, its request, its progress and its cache. */
@NullMarked
package dev.forno.engine.builds;

import org.jspecify.annotations.NullMarked;

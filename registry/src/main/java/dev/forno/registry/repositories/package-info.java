/** What an embedded registry keeps: repositories with their blobs, manifests, tags and referrers, and uploads under way. */
@NullMarked
package dev.forno.registry.repositories;

import org.jspecify.annotations.NullMarked;

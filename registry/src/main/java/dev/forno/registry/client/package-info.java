/**
 * The client of the OCI distribution protocol: {@link dev.forno.registry.client.RegistryClient} opens a
 * {@link dev.forno.registry.client.Repository}, which fetches and pushes manifests and blobs.
 */
@NullMarked
package dev.forno.registry.client;

import org.jspecify.annotations.NullMarked;

/** Registry credentials in the Docker client configuration. */
@NullMarked
package dev.forno.cli.credentials;

import org.jspecify.annotations.NullMarked;

/** What all routes share: versions, parameters, errors, streamed answers. */
@NullMarked
package dev.forno.dockerapi.requests;

import org.jspecify.annotations.NullMarked;

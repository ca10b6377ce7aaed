/** The routes, in groups that each declare the services they use. */
@NullMarked
package dev.forno.dockerapi.routes;

import org.jspecify.annotations.NullMarked;

/** Black-box tests with the real {@code docker} CLI against an engine of their own, or against {@code E2E_DOCKER_HOST}. */
@NullMarked
package dev.forno.e2e;

import org.jspecify.annotations.NullMarked;

/**
 * Images: names, configurations and layers; pull and push, archives, removal. The services are interfaces by role,
 * made together by {@link dev.forno.engine.images.ImageServices}.
 */
@NullMarked
package dev.forno.engine.images;

import org.jspecify.annotations.NullMarked;

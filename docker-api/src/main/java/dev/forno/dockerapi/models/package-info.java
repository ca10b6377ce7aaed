/** The API's JSON documents, and the translation between them and the engine's values. */
@NullMarked
package dev.forno.dockerapi.models;

import org.jspecify.annotations.NullMarked;

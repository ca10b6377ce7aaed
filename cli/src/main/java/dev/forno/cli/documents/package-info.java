/** JSON values as the engine sends them, without models. */
@NullMarked
package dev.forno.cli.documents;

import org.jspecify.annotations.NullMarked;

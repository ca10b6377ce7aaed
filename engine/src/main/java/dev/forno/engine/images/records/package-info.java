/** What the metadata keeps of images and their names, and the JSON of image archives. */
@NullMarked
package dev.forno.engine.images.records;

import org.jspecify.annotations.NullMarked;

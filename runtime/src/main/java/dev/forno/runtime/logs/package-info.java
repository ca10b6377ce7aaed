/** Container logs in the k8s-file format: reading, following, rotating. */
@NullMarked
package dev.forno.runtime.logs;

import org.jspecify.annotations.NullMarked;

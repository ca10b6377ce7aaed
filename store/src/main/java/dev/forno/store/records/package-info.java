/** The metadata database: small records by id, changed in transactions. */
@NullMarked
package dev.forno.store.records;

import org.jspecify.annotations.NullMarked;

package dev.forno.registry.repositories;

import dev.forno.store.contents.ContentStore;
import dev.forno.store.leases.Leases;
import dev.forno.store.records.Database;

/** The parts of a store that repositories are kept in; their owner closes them, afterwards. */
public record Storage(ContentStore content, Database database, Leases leases) {}

package dev.forno.linux.nftables;

import dev.forno.linux.nftables.Batch.Hook;

/**
 * A chain that the kernel calls, of any table.
 *
 * @param drops whether packets that no rule decides on are dropped
 */
public record BaseChain(String table, String name, Hook hook, boolean drops) {}

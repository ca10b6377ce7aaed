/** The kernel's packet filter: tables, chains, rules, sets and maps of nf_tables, and connection tracking. */
@NullMarked
package dev.forno.linux.nftables;

import org.jspecify.annotations.NullMarked;

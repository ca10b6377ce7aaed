/** Who may do what at an embedded registry: users, tokens, rights. */
@NullMarked
package dev.forno.registry.accounts;

import org.jspecify.annotations.NullMarked;

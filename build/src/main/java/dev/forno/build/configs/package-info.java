/** Image configurations in the making: what each instruction changes. Pure values. */
@NullMarked
package dev.forno.build.configs;

import org.jspecify.annotations.NullMarked;

/** The guided first run: packages, engine, base image, a web server. */
@NullMarked
package dev.forno.cli.quickstarts;

import org.jspecify.annotations.NullMarked;

package dev.forno.registry.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may use a registry. The files are read again when they change.
 *
 * @param htpasswd users and their bcrypt hashes, as {@code htpasswd -B} writes them
 * @param rights who may do what in which repositories; without it every user may do everything and others nothing
 * @param tokenKey where the key lies that tokens are signed with, made when missing; without it there are no tokens and
 *     users send their password with every request
 */
public record Users(Path htpasswd, Optional<Path> rights, Optional<Path> tokenKey) {}

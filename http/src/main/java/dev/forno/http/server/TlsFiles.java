package dev.forno.http.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a TLS server shows and asks for, as PEM files. They must be usable when the listener starts, and are read again when
 * they change: for connections that begin afterwards the new ones count.
 *
 * @param certificate the server's certificate, followed by those of intermediate authorities
 * @param key its private key: PKCS #8, or RSA and EC keys in their older forms; not encrypted
 * @param clientCa the authorities of clients' certificates; when given, a client must show one
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {}

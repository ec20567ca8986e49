/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files of a server's TLS, which are read again when they change.
 *
 * @param cert the server's certificate and its chain
 * @param key its private key, unencrypted: PKCS#8, PKCS#1 or SEC 1
 * @param clientCa who has to have signed the certificate that a client must show (mTLS); empty if
 *     clients need none
 */
public record ServerTlsFiles(Path cert, Path key, Optional<Path> clientCa) {}

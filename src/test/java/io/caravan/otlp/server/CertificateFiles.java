/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.TestPki.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** A folder as Kubernetes mounts a Secret: what it holds hangs on the link {@code ..data}. */
record CertificateFiles(Path folder) {

  /** Puts a new version in the place of the old one, in one step. */
  void swap(String version, Identity identity) throws IOException {
    Path contents = Files.createDirectory(folder.resolve(".." + version));
    Files.writeString(contents.resolve("tls.crt"), identity.certificate());
    Files.writeString(contents.resolve("tls.key"), identity.pkcs8());
    Path link = Files.createSymbolicLink(folder.resolve("..next"), contents.getFileName());
    Files.move(
        link,
        folder.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    for (String name : new String[] {"tls.crt", "tls.key"}) {
      if (!Files.exists(folder.resolve(name))) {
        Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
      }
    }
  }

  Path cert() {
    return folder.resolve("tls.crt");
  }

  Path key() {
    return folder.resolve("tls.key");
  }

  ServerTlsFiles files() {
    return new ServerTlsFiles(cert(), key(), Optional.empty());
  }

  ServerTlsFiles filesWithClientCa(String pem) throws IOException {
    Path ca = Files.writeString(folder.resolve("client-ca.crt"), pem);
    return new ServerTlsFiles(cert(), key(), Optional.of(ca));
  }
}

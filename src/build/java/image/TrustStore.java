/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;

/**
 * The certificate authorities that Java trusts in the image: Mozilla's, from the package {@code
 * ca-certificates}. The JDK's own file is none to copy, since a package may have made it of all
 * that the machine trusts, a company's own authorities among them.
 */
final class TrustStore {
  private static final String FOLDER = "usr/share/ca-certificates/mozilla/";

  private TrustStore() {}

  /** A PKCS #12 store without a password, as the JDK's is. */
  static byte[] of(DebianPackage authorities) throws IOException, GeneralSecurityException {
    // Neither holds a secret, and both would bring salt, which is another one each time.
    System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
    System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    List<String> files =
        authorities.digests().keySet().stream()
            .filter(file -> file.startsWith(FOLDER))
            .sorted()
            .toList();
    for (String file : files) {
      Path path = authorities.check(Path.of("/").resolve(file));
      try (InputStream text = Files.newInputStream(path)) {
        String name = file.substring(FOLDER.length()).replace(".crt", "");
        store.setCertificateEntry(name, certificates.generateCertificate(text));
      }
    }
    if (store.size() < 50) {
      throw new IOException("%d certificate authorities are too few".formatted(store.size()));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, null);
    return bytes.toByteArray();
  }
}

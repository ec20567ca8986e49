/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusts the certificates of a PEM file as it is when a connection is made: one that has changed is
 * read again. A change that cannot be read is logged once, and the certificates of before count on.
 * Safe for use by any thread.
 */
final class BundleTrustManager extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(BundleTrustManager.class);
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

  private final Path file;
  private volatile Read last = new Read(Optional.empty(), Optional.empty(), "it is not read yet");

  /** Which state of a file it is: a mounted object is replaced as a whole. */
  private record Version(FileTime changed, long bytes, String inode) {
    static Version of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
    }
  }

  /**
   * What came of reading.
   *
   * @param version empty where there was no file
   * @param trust empty where it was never readable
   * @param wrong why; empty text where it was readable the last time
   */
  private record Read(
      Optional<Version> version, Optional<X509ExtendedTrustManager> trust, String wrong) {}

  BundleTrustManager(Path file) {
    this.file = file;
  }

  /** The certificates as of now. */
  private X509ExtendedTrustManager current() throws CertificateException {
    Read read = last;
    Optional<Version> version = version();
    if (version.isEmpty() || !version.equals(read.version)) {
      read = again(version);
    }
    if (read.trust.isEmpty()) {
      throw new CertificateException(
          "no certificate authority is known: %s, which %s names, cannot be read (%s); mend the file, or unset the variable for the authorities of the Java runtime"
              .formatted(file, TrustBundle.VARIABLE, read.wrong));
    }
    return read.trust.get();
  }

  private Optional<Version> version() {
    try {
      return Optional.of(Version.of(file));
    } catch (IOException _) {
      return Optional.empty(); // reading says why
    }
  }

  private synchronized Read again(Optional<Version> version) {
    Read before = last;
    if (version.isPresent() && version.equals(before.version)) {
      return before; // another thread has read it meanwhile
    }
    Read now;
    try {
      now = new Read(version, Optional.of(trusting(certificates())), "");
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      now = new Read(version, before.trust, e.getClass().getSimpleName() + ": " + e.getMessage());
      if (!now.wrong.equals(before.wrong)) {
        LOG.warn(
            "event=trust_bundle_unreadable file={} kept_former={} reason=\"{}\"",
            file,
            before.trust.isPresent(),
            now.wrong);
      }
    }
    last = now;
    return now;
  }

  /** One that is broken does not take the others with it, of which there may be hundreds. */
  private List<X509Certificate> certificates() throws IOException {
    List<X509Certificate> all = new ArrayList<>();
    String broken = "there is no PEM certificate (BEGIN CERTIFICATE)";
    Matcher each = CERTIFICATE.matcher(Files.readString(file));
    for (int number = 1; each.find(); number++) {
      try {
        all.addAll(TlsIdentity.certificates(each.group()));
      } catch (IllegalArgumentException e) {
        broken = String.valueOf(e.getMessage());
        LOG.warn(
            "event=trust_bundle_certificate_skipped file={} number={} reason=\"{}\"",
            file,
            number,
            broken);
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(broken);
    }
    return all;
  }

  private static X509ExtendedTrustManager trusting(List<X509Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("JKS"); // see ClientTls: no rounds against nobody
    store.load(null, null);
    for (int number = 0; number < certificates.size(); number++) {
      store.setCertificateEntry(Integer.toString(number), certificates.get(number));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustBundle.JDK_ALGORITHM);
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authentication, @Nullable SSLEngine engine)
      throws CertificateException {
    current().checkServerTrusted(chain, authentication, engine);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authentication, @Nullable Socket socket)
      throws CertificateException {
    current().checkServerTrusted(chain, authentication, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authentication)
      throws CertificateException {
    current().checkServerTrusted(chain, authentication);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authentication, @Nullable SSLEngine engine)
      throws CertificateException {
    current().checkClientTrusted(chain, authentication, engine);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authentication, @Nullable Socket socket)
      throws CertificateException {
    current().checkClientTrusted(chain, authentication, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authentication)
      throws CertificateException {
    current().checkClientTrusted(chain, authentication);
  }

  /** None while the file cannot be read; the check of a connection says so. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    try {
      return current().getAcceptedIssuers();
    } catch (CertificateException _) {
      return new X509Certificate[0];
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Holds the certificate that a server shows, which may be replaced while it runs: every handshake
 * from then on shows the new one, and connections that are open stay open. Thread-safe.
 */
public final class ServingCertificates {

  private volatile Generation current;

  public ServingCertificates(ServingCertificate first) {
    current = new Generation(0, first, first);
  }

  /** The number makes the alias: a handshake under way asks for the key after the certificate. */
  private record Generation(
      long number, ServingCertificate certificate, ServingCertificate before) {

    String alias() {
      return Long.toString(number);
    }

    ServingCertificate named(String alias) {
      return alias.equals(alias()) ? certificate : before;
    }
  }

  /** Shows another certificate from now on. */
  public synchronized void replace(ServingCertificate next) {
    current = new Generation(current.number() + 1, next, current.certificate());
  }

  /** The certificate that is shown at the moment. */
  public ServingCertificate current() {
    return current.certificate();
  }

  /** TLS that asks here at each handshake. */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new Keys()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  private final class Keys extends X509ExtendedKeyManager {

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      Generation generation = current;
      return generation.certificate().key().getAlgorithm().equals(keyType)
          ? generation.alias()
          : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return current.named(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return current.named(alias).key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {current.alias()};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}

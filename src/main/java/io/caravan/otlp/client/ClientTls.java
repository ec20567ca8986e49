/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.client.TlsSettings.Verification;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/** Builds the TLS of an exporter from PEM text. */
final class ClientTls {
  private ClientTls() {}

  /**
   * TLS for one backend.
   *
   * @param protocols for ALPN, none where empty
   * @throws IllegalArgumentException if a certificate or the key cannot be read; the message names
   *     which, and nothing of its content
   */
  static SslContext context(TlsSettings tls, String... protocols) {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (protocols.length > 0) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              protocols));
    }
    trust(builder, tls);
    identify(builder, tls);
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static void trust(SslContextBuilder builder, TlsSettings tls) {
    if (tls.verification() == Verification.SKIPPED) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm("");
      return;
    }
    builder.endpointIdentificationAlgorithm("HTTPS");
    tls.ca()
        .ifPresent(
            pem -> {
              try {
                builder.trustManager(stream(pem));
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'ca' holds no PEM certificate.", e);
              }
            });
  }

  private static void identify(SslContextBuilder builder, TlsSettings tls) {
    if (tls.cert().isPresent() != tls.key().isPresent()) {
      throw new IllegalArgumentException(
          "A client certificate needs both 'cert' and 'key'; only one of them is set.");
    }
    if (tls.cert().isEmpty()) {
      return;
    }
    try {
      builder.keyManager(
          stream(tls.cert().get()), stream(PrivateKeyPem.toPkcs8(tls.key().orElseThrow())));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'cert' and 'key' are not a PEM certificate and its unencrypted PEM private key.", e);
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.caravan.otlp.client.TlsSettings.Verification;
import io.caravan.otlp.tls.TlsIdentity;
import io.caravan.otlp.tls.TlsProvider;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The TLS of an exporter, from PEM text. Safe for use by any thread. */
final class ClientTls implements AutoCloseable {
  /**
   * Netty passes the key through a key store in memory. The JDK's default one encrypts it there
   * with 10,000 rounds, 10 ms of the processor for each exporter, against nobody.
   */
  private static final String KEY_STORE = "JKS";

  private final Object lock = new Object();

  @GuardedBy("lock")
  private Optional<SslContext> context;

  private ClientTls(SslContext context) {
    this.context = Optional.of(context);
  }

  /**
   * TLS for one backend.
   *
   * @param protocols for ALPN, none where empty
   * @throws IllegalArgumentException if a certificate or the key cannot be read; the message names
   *     which, and nothing of its content
   */
  static ClientTls of(TlsSettings tls, String... protocols) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(TlsProvider.best())
            .keyStoreType(KEY_STORE)
            .protocols("TLSv1.3", "TLSv1.2");
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
      return new ClientTls(builder.build());
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** The TLS of a new connection to that host; empty once this is closed. */
  Optional<SslHandler> newHandler(ByteBufAllocator allocator, String host, int port) {
    synchronized (lock) {
      return context.map(each -> each.newHandler(allocator, host, port));
    }
  }

  /** Connections that stand go on. */
  @Override
  public void close() {
    synchronized (lock) {
      context.ifPresent(ReferenceCountUtil::release);
      context = Optional.empty();
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
                builder.trustManager(TlsIdentity.certificates(pem).toArray(X509Certificate[]::new));
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'ca': " + e.getMessage() + ".", e);
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
      TlsIdentity identity = TlsIdentity.of(tls.cert().get(), tls.key().orElseThrow());
      builder.keyManager(identity.key(), identity.chain().toArray(X509Certificate[]::new));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'cert' and 'key': " + e.getMessage() + ".", e);
    }
  }
}

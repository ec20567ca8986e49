/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static io.caravan.otlp.server.UnusableFileException.naming;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.caravan.otlp.tls.TlsIdentity;
import io.caravan.otlp.tls.TlsProvider;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of TLS, the same on both ports: new handshakes get what the files say now, and
 * connections that stand keep what they have. Safe for use by any thread.
 */
final class ServerTls implements AutoCloseable {
  /** A sender that takes longer is not coming. */
  private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);

  private final Object lock = new Object();

  @GuardedBy("lock")
  private @Nullable SslContext context;

  private final ServerTlsFiles files;

  private ServerTls(ServerTlsFiles files) {
    this.files = files;
  }

  /**
   * Reads the files, and adds what is to be looked after to {@code watched}.
   *
   * @throws UnusableFileException if one cannot be read or used
   */
  static ServerTls open(ServerTlsFiles tls, List<WatchedFiles> watched) {
    ServerTls opened = new ServerTls(tls);
    List<Path> files = new ArrayList<>(List.of(tls.cert(), tls.key()));
    tls.clientCa().ifPresent(files::add);
    watched.add(WatchedFiles.open("TLS", files, opened::take));
    return opened;
  }

  private String take(List<String> texts) {
    List<X509Certificate> chain =
        naming(files.cert(), () -> TlsIdentity.certificates(texts.get(0)));
    TlsIdentity identity = naming(files.key(), () -> TlsIdentity.of(chain, texts.get(1)));
    List<X509Certificate> clientCa =
        files
            .clientCa()
            .map(file -> naming(file, () -> TlsIdentity.certificates(texts.get(2))))
            .orElse(List.of());
    SslContext next = naming(files.cert(), () -> build(identity, clientCa));
    SslContext before;
    synchronized (lock) {
      before = context;
      context = next;
    }
    // The connections that have it hold it on their own.
    ReferenceCountUtil.release(before);
    X509Certificate own = chain.getFirst();
    return own.getSubjectX500Principal() + " until " + own.getNotAfter().toInstant();
  }

  private static SslContext build(TlsIdentity identity, List<X509Certificate> clientCa) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                identity.key(), identity.chain().toArray(X509Certificate[]::new))
            .sslProvider(TlsProvider.best())
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1));
    if (!clientCa.isEmpty()) {
      builder.trustManager(clientCa.toArray(X509Certificate[]::new)).clientAuth(ClientAuth.REQUIRE);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** The TLS of a new connection. */
  SslHandler newHandler(ByteBufAllocator allocator, Duration requestTimeout) {
    synchronized (lock) {
      SslContext current = context;
      if (current == null) {
        throw new IllegalStateException("this server's TLS is closed, or has not been set up");
      }
      SslHandler handler = current.newHandler(allocator);
      handler.setHandshakeTimeoutMillis(
          Math.min(LONGEST_HANDSHAKE.toMillis(), requestTimeout.toMillis()));
      return handler;
    }
  }

  @Override
  public void close() {
    SslContext before;
    synchronized (lock) {
      before = context;
      context = null;
    }
    ReferenceCountUtil.release(before);
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A PEM file whose certificates the whole process trusts in place of the Java runtime's own, as
 * programs with OpenSSL or in Go do with {@code SSL_CERT_FILE}: every client that is not told whom
 * to trust, ours and those of Camel's components alike. A connection takes the file as it is when
 * it is made. Who brings certificates of its own trusts these alone.
 */
public final class TrustBundle implements AutoCloseable {
  /** The environment variable that names the file. */
  public static final String VARIABLE = "SSL_CERT_FILE";

  static final String JDK_ALGORITHM = "PKIX";
  private static final String ALGORITHM = "CaravanTrustBundle";
  private static final String DEFAULT_ALGORITHM = "ssl.TrustManagerFactory.algorithm";

  private final Provider provider;
  private final @Nullable String algorithmBefore;

  private TrustBundle(Path file) {
    X509ExtendedTrustManager trust = new BundleTrustManager(file);
    this.provider = new TrustProvider(trust);
    this.algorithmBefore = Security.getProperty(DEFAULT_ALGORITHM);
    try {
      var _ = Security.addProvider(provider);
      Security.setProperty(DEFAULT_ALGORITHM, ALGORITHM);
      // The default context hands the runtime's own certificates to factories that are not its own.
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      SSLContext.setDefault(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Has the process trust the file that the environment names; nothing where it names none. The
   * file is read at the first connection: a command that makes none does not fail for it.
   */
  public static Optional<TrustBundle> install(Map<String, String> environment) {
    String file = environment.getOrDefault(VARIABLE, "");
    return file.isBlank() ? Optional.empty() : Optional.of(new TrustBundle(Path.of(file)));
  }

  /** Clients that are made from now on trust whom they trusted before. */
  @Override
  public void close() {
    Security.setProperty(
        DEFAULT_ALGORITHM, algorithmBefore == null ? JDK_ALGORITHM : algorithmBefore);
    Security.removeProvider(provider.getName());
    try {
      SSLContext.setDefault(SSLContext.getInstance("Default"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustProvider extends Provider {
    private static final long serialVersionUID = 1;

    TrustProvider(X509ExtendedTrustManager trust) {
      super("CaravanTrust", "1", "The certificates of a PEM file");
      putService(
          new Service(this, "TrustManagerFactory", ALGORITHM, Factory.class.getName(), null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) {
              return new Factory(trust);
            }
          });
    }
  }

  /** Of the file for those who name no certificates; of theirs, as the JDK does, for others. */
  private static final class Factory extends TrustManagerFactorySpi {
    private final TrustManager[] bundle;
    private TrustManager[] managers = {};

    Factory(TrustManager trust) {
      this.bundle = new TrustManager[] {trust};
    }

    @Override
    protected void engineInit(@Nullable KeyStore store) throws KeyStoreException {
      if (store == null) {
        managers = bundle;
        return;
      }
      try {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(JDK_ALGORITHM);
        factory.init(store);
        managers = factory.getTrustManagers();
      } catch (NoSuchAlgorithmException e) {
        throw new KeyStoreException(e);
      }
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters)
        throws InvalidAlgorithmParameterException {
      try {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(JDK_ALGORITHM);
        factory.init(parameters);
        managers = factory.getTrustManagers();
      } catch (NoSuchAlgorithmException e) {
        throw new InvalidAlgorithmParameterException(e);
      }
    }

    @Override
    protected TrustManager[] engineGetTrustManagers() {
      return managers.clone();
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses who does the cryptography: BoringSSL through netty-tcnative where its library loads, else
 * the JDK. The library is looked for at the first use of TLS, not before; {@code
 * -Dcaravan.tls.provider=jdk} has the JDK do it everywhere.
 */
public final class TlsProvider {
  private static final Logger LOG = LoggerFactory.getLogger(TlsProvider.class);

  /** As in "error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED". */
  private static final Pattern ALERT = Pattern.compile("(?:TLSV1|SSLV3)_ALERT_([A-Z0-9_]+)");

  private static final String PROPERTY = "caravan.tls.provider";

  private TlsProvider() {}

  /**
   * What a failure of TLS was about, in words: the first exception of the chain that says
   * something, which is not BoringSSL's, and the last one, which knows most.
   */
  public static String reason(Throwable failure) {
    String first = "";
    String last = failure.getClass().getSimpleName();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank() && !message.startsWith("General OpenSslEngine")) {
        first = first.isEmpty() ? message : first;
        last = message;
      }
    }
    Matcher alert = ALERT.matcher(last);
    if (alert.find()) {
      return "the other side sent the alert " + alert.group(1).toLowerCase(Locale.ROOT);
    }
    if (first.isEmpty()) {
      return last;
    }
    return first.contains(last) ? first : first + " (" + last + ")";
  }

  /** Contexts of this provider are counted references: whoever builds one releases it. */
  public static SslProvider best() {
    return "jdk".equals(System.getProperty(PROPERTY)) ? SslProvider.JDK : Chosen.PROVIDER;
  }

  /** Loaded when it is first asked for. */
  private static final class Chosen {
    private static final SslProvider PROVIDER = choose();

    private static SslProvider choose() {
      if (OpenSsl.isAvailable()) {
        LOG.debug("event=tls_provider provider=boringssl version=\"{}\"", OpenSsl.versionString());
        return SslProvider.OPENSSL_REFCNT;
      }
      LOG.debug(
          "event=tls_provider provider=jdk reason=\"{}\"",
          String.valueOf(OpenSsl.unavailabilityCause()));
      return SslProvider.JDK;
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.util.List;

/**
 * Loggers that print what they handle at DEBUG or TRACE, and that holds credentials: request
 * headers and bodies, resolved property values and endpoint options, bean properties. Whoever sets
 * the log up keeps them at INFO, whatever the root's level is.
 */
public final class SensitiveLoggers {
  public static final List<String> NAMES =
      List.of(
          "org.apache.hc.client5.http",
          "org.apache.hc.core5",
          "io.netty.handler.codec.http",
          "io.netty.handler.codec.http2",
          "io.netty.handler.logging",
          "io.grpc.netty",
          "jdk.httpclient",
          "sun.net.www.protocol.http",
          "javax.net.ssl",
          "org.apache.camel.component.properties",
          "org.apache.camel.impl.engine.DefaultBeanIntrospection",
          "org.apache.camel.impl.engine.IntrospectionSupport",
          "org.apache.camel.main",
          "org.apache.camel.support");

  private SensitiveLoggers() {}
}

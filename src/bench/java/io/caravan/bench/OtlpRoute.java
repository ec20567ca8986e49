/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * The shortest route that uses the {@code otlp:} component both ways: what sockets and Camel cost
 * without fan-out, Kamelets and accounting. Arguments: the port to listen on, the port to forward
 * to.
 */
final class OtlpRoute {

  private OtlpRoute() {}

  public static void main(String[] args) throws Exception {
    String from = "otlp:receiver?httpPort=-1&grpcPort=" + args[0];
    String to = "otlp:grpc?insecure=true&endpoint=http://127.0.0.1:" + args[1];
    Main main = new Main();
    main.configure()
        .addRoutesBuilder(
            new RouteBuilder() {
              @Override
              public void configure() {
                from(from).to(to);
              }
            });
    main.run();
  }
}

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
 * to, the workload.
 */
final class OtlpRoute {

  private OtlpRoute() {}

  public static void main(String[] args) throws Exception {
    Workload workload = Workload.parse(args[2]).getFirst();
    boolean grpc = workload.transport() == Transport.GRPC;
    String from =
        "otlp:receiver?%s=-1&%s=%s"
            .formatted(grpc ? "httpPort" : "grpcPort", grpc ? "grpcPort" : "httpPort", args[0]);
    String compression =
        workload.encoding() == BodyEncoding.NONE ? "none" : workload.encoding().word();
    String to =
        "otlp:%s?insecure=true&compression=%s&endpoint=http://127.0.0.1:%s"
            .formatted(grpc ? "grpc" : "http", compression, args[1]);
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

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.standalone.Standalone;
import io.caravan.standalone.Standing;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells at start, in at most ten lines, what is listened on, what runs and where it delivers. */
record Banner(RunOptions options, int grpcPort, int httpPort, int adminPort) {
  private static final Logger log = LoggerFactory.getLogger("caravan");
  private static final int LINES_FOR_PIPELINES = 7;

  void print(Standalone standalone) {
    log.atInfo()
        .addKeyValue("folder", options.folder)
        .addKeyValue("data", options.data)
        .addKeyValue("pid", ProcessHandle.current().pid())
        .log("Caravan {}", Version.number());
    log.atInfo()
        .addKeyValue("grpc", address(grpcPort))
        .addKeyValue(
            "http", (options.otlp.cert.isEmpty() ? "http://" : "https://") + address(httpPort))
        .addKeyValue("admin", "http://" + address(adminPort))
        .log("Listening");
    List<Standing> running =
        standalone.standings().stream().filter(one -> one.runs().isPresent()).toList();
    int shown = running.size() <= LINES_FOR_PIPELINES ? running.size() : LINES_FOR_PIPELINES - 1;
    running.stream()
        .limit(shown)
        .forEach(
            one ->
                log.atInfo()
                    .addKeyValue("pipeline", one.id())
                    .addKeyValue("delivers", one.delivers())
                    .log("Running"));
    if (shown < running.size()) {
      log.info("Running {} more pipelines; 'caravan status' lists them", running.size() - shown);
    }
  }

  /** With the brackets without which the colons of IPv6 cannot be told from the port's. */
  private String address(int port) {
    return (options.bind.contains(":") ? "[" + options.bind + "]" : options.bind) + ":" + port;
  }
}

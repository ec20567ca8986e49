/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.api.PipelineKind;
import io.caravan.otlp.compress.Compression;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code caravan training}: what the launcher has the JVM watch when it makes the start-up cache.
 * It starts a whole process on free ports, sends it a request of each kind and stops it.
 */
@Command(name = "training", hidden = true)
final class TrainingCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("caravan-training");
    try {
      for (PipelineKind kind : PipelineKind.values()) {
        Files.writeString(folder.resolve(kind.singular() + ".yaml"), manifest(kind, folder));
      }
      RunOptions options = new RunOptions();
      new CommandLine(options)
          .parseArgs(
              "--grpc-port=0",
              "--http-port=0",
              "--admin-port=0",
              "--data=" + folder.resolve("data"),
              folder.toString());
      Logging.configure(Logging.Format.TEXT, Logging.Verbosity.INFO);
      StopSignal.install();
      try (ProcessParts parts = new ProcessParts()) {
        CaravanProcess process = new CaravanProcess(options, parts);
        process.start();
        for (PipelineKind kind : PipelineKind.values()) {
          post(process.httpPort(), "/v1/" + kind.signal());
        }
        Compression.load(); // which a process does a while after its start
      }
      return ExitCode.OK;
    } finally {
      delete(folder);
    }
  }

  private static String manifest(PipelineKind kind, Path folder) {
    return """
    apiVersion: telemetry.kyma-project.io/v1beta1
    kind: %s
    metadata:
      name: training
    spec:
      output:
        kamelet:
          name: file-sink
          properties:
            directory: %s
    """
        .formatted(kind.kind(), folder.resolve("out"));
  }

  /** The answer does not matter; what it takes to give one does. */
  private static void post(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
              .formatted(path);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      socket.setSoTimeout(5_000);
      socket.getInputStream().readAllBytes();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

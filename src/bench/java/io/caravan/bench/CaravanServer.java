/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Caravan as a user runs it: its launcher, on a folder with one TracePipeline.
 *
 * @param launcher the script {@code caravan}
 */
record CaravanServer(Path launcher) implements SystemUnderTest {

  @Override
  public String title() {
    return "caravan";
  }

  /** Builds the program where needed, and its start-up cache, which are not what is measured. */
  void prepare() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--version");
    builder.environment().put("CARAVAN_AOT", "now");
    int code = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor();
    if (code != 0) {
      throw new IOException(launcher + " --version ends with " + code);
    }
  }

  @Override
  public Server start(int target, Path folder) throws IOException, InterruptedException {
    Path pipelines = Files.createDirectories(folder.resolve("pipelines"));
    Files.writeString(pipelines.resolve("bench.yaml"), pipeline("bench", target));
    int port = Server.freePort();
    return Server.start(command(pipelines, port, Server.freePort(), folder), port, folder);
  }

  List<String> command(Path pipelines, int grpcPort, int adminPort, Path folder)
      throws IOException {
    return List.of(
        launcher.toString(),
        "run",
        pipelines.toString(),
        "--grpc-port",
        Integer.toString(grpcPort),
        "--http-port",
        Integer.toString(Server.freePort()),
        "--admin-port",
        Integer.toString(adminPort),
        "--data",
        folder.resolve("data").toString());
  }

  static String pipeline(String name, int target) {
    return """
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: TracePipeline
        metadata:
          name: %s
        spec:
          output:
            otlp:
              endpoint:
                value: http://127.0.0.1:%d
              compression: none
        """
        .formatted(name, target);
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Caravan as a user runs it: its launcher, on a folder with one pipeline.
 *
 * @param launcher the script {@code caravan}
 * @param acknowledge when a sender hears OK, as {@code spec.delivery.acknowledge}
 */
record CaravanServer(Path launcher, String acknowledge) implements SystemUnderTest {

  @Override
  public String title() {
    return acknowledge.equals("delivered") ? "caravan" : "caravan-" + acknowledge;
  }

  /** A TracePipeline selects by nothing. */
  @Override
  public boolean takes(Workload workload) {
    return workload.work() != Work.FILTER || workload.signal() != Signal.TRACES;
  }

  @Override
  public Work workOn(Workload workload) {
    return workload.work();
  }

  @Override
  public boolean runsInJvm() {
    return true;
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
  public Server start(Workload workload, int target, Path folder)
      throws IOException, InterruptedException {
    Path pipelines = Files.createDirectories(folder.resolve("pipelines"));
    Files.writeString(
        pipelines.resolve("bench.yaml"),
        new PipelineManifest(workload, acknowledge).toYaml("bench", target));
    int grpc = Server.freePort();
    int http = Server.freePort();
    List<String> command =
        new ArrayList<>(command(pipelines, grpc, http, Server.freePort(), folder));
    if (workload.work() == Work.ENRICH) {
      command.add("--resource-attributes");
      command.add(
          SampleResources.ADDED.entrySet().stream()
              .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
              .collect(Collectors.joining(",")));
    }
    return Server.start(command, workload.transport() == Transport.GRPC ? grpc : http, folder);
  }

  List<String> command(Path pipelines, int grpcPort, int httpPort, int adminPort, Path folder) {
    return List.of(
        launcher.toString(),
        "run",
        pipelines.toString(),
        "--grpc-port",
        Integer.toString(grpcPort),
        "--http-port",
        Integer.toString(httpPort),
        "--admin-port",
        Integer.toString(adminPort),
        "--data",
        folder.resolve("data").toString());
  }
}

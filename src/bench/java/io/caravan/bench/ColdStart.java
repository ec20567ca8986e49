/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.acceptance.fixture.ScratchFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Measures how long Caravan takes until it is ready, and what it holds when idle. */
final class ColdStart {

  private static final int MANY_PIPELINES = 500;
  private static final int IDLE_SECONDS = 5;

  private final Options options;

  /** One start: seconds to ready, and resident memory after some idle seconds. */
  private record Start(double seconds, double idleMebibytes) {}

  ColdStart(Options options) {
    this.options = options;
  }

  /** Returns the table. */
  String measure() throws IOException, InterruptedException {
    Path quickstart = options.launcher().resolveSibling("deploy").resolve("quickstart");
    Path many = ScratchFolder.create("caravan-bench-many-");
    PipelineManifest manifest = new PipelineManifest(Workload.parse("").getFirst(), "disk");
    for (int i = 0; i < MANY_PIPELINES; i++) {
      Files.writeString(
          many.resolve("p" + i + ".yaml"), manifest.toYaml("p" + i, Server.freePort()));
    }
    return "| start | seconds to /readyz | MiB RSS idle |\n|---|---|---|\n"
        + line("quickstart", quickstart, options.coldStarts())
        + line(MANY_PIPELINES + " pipelines", many, 1);
  }

  private String line(String title, Path pipelines, int times)
      throws IOException, InterruptedException {
    List<Start> starts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      starts.add(start(pipelines));
    }
    Statistics seconds = new Statistics(starts, Start::seconds);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f (%.2f to %.2f) | %.0f |%n",
        title,
        seconds.median(),
        seconds.least(),
        seconds.most(),
        new Statistics(starts, Start::idleMebibytes).median());
  }

  private Start start(Path pipelines) throws IOException, InterruptedException {
    Path folder = ScratchFolder.create("caravan-bench-");
    int admin = Server.freePort();
    List<String> command =
        new CaravanServer(options.launcher(), "disk")
            .command(pipelines, Server.freePort(), Server.freePort(), admin, folder);
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.log").toFile())
            .start();
    try (Server server = new Server(process, admin)) {
      awaitReady(process, admin, folder);
      double seconds = (System.nanoTime() - begin) / 1e9;
      TimeUnit.SECONDS.sleep(IDLE_SECONDS);
      return new Start(seconds, ProcessUsage.residentBytes(server.pid()) / (double) (1 << 20));
    }
  }

  private static void awaitReady(Process process, int admin, Path folder)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/readyz"))
            .timeout(Duration.ofSeconds(1))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (!isReady(client, request)) {
        if (!process.isAlive()) {
          throw new IOException(
              "ended before it was ready:\n" + Files.readString(folder.resolve("output.log")));
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  private static boolean isReady(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}

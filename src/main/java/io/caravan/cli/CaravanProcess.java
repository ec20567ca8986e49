/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.PipelineId;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.node.Node;
import io.caravan.observe.AdminServer;
import io.caravan.observe.ControlSocket;
import io.caravan.plan.PipelinePlan;
import io.caravan.standalone.DataFolder;
import io.caravan.standalone.DataFolderException;
import io.caravan.standalone.DataPlane;
import io.caravan.standalone.FolderFiles;
import io.caravan.standalone.PipelineLives;
import io.caravan.standalone.ShippedKamelets;
import io.caravan.standalone.Standalone;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Starts all parts of a standalone process in their order. */
final class CaravanProcess {
  private static final String PLAN = "first plan";
  private static final String LIVES = "pipelines.json";
  private static final String PORTS = "OTLP ports";

  private final RunOptions options;
  private final ProcessParts parts;
  private int httpPort;

  CaravanProcess(RunOptions options, ProcessParts parts) {
    this.options = options;
    this.parts = parts;
  }

  /**
   * Starts everything.
   *
   * @throws CommandFailure if that is not possible, for a reason that the user can mend
   */
  void start() throws Exception {
    requireFolders();
    DataFolder data = parts.own(dataFolder());
    InetAddress address = Ports.check(options);
    options.otlp.check();
    parts.readiness().awaits(PLAN);
    parts.readiness().awaits(PORTS);
    AdminServer admin = parts.admin(address, options.adminPort);
    KeptData kept = KeptData.open(data.path(), parts);
    Node node = kept.node(options, options.data, parts);
    Standalone standalone =
        parts.own(
            new Standalone(
                options.folders(),
                new FolderFiles((source, text) -> ManifestReader.read(text, source)),
                ShippedKamelets.read(),
                lives(data.path(), kept.journal()),
                DataPlane.of(node),
                Clock.systemUTC()));
    if (standalone.begin().pipelines().stream().noneMatch(one -> hasWork(one, kept.journal()))) {
      standalone.tell();
      throw new CommandFailure(ExitCode.USAGE, nothingRuns(standalone));
    }
    parts.readiness().has(PLAN);
    standalone.start();
    kept.tell(node);
    httpPort = node.httpPort();
    parts.readiness().has(PORTS);
    ProcessStatus status =
        new ProcessStatus(
            options,
            options.folder,
            standalone::status,
            node,
            admin.port(),
            new LedgerReport(node, kept.letters()));
    parts.own(
        ControlSocket.open(
            data.controlSocket(), kept.control(node, () -> names(standalone), status)));
    new Banner(options, node.grpcPort(), node.httpPort(), admin.port()).print(standalone);
    standalone.tell();
  }

  private static Set<String> names(Standalone standalone) {
    return standalone.standings().stream()
        .map(standing -> standing.id().toString())
        .collect(Collectors.toSet());
  }

  private static Map<PipelineId, Long> waiting(Journal journal) {
    Map<PipelineId, Long> waiting = new HashMap<>();
    for (Place place : journal.places()) {
      PipelineId.ofPlace(place.id()).ifPresent(id -> waiting.put(id, place.pendingRecords()));
    }
    return waiting;
  }

  /** Whether a pipeline can run, and if it is deleted has something to deliver. */
  private static boolean hasWork(PipelinePlan pipeline, Journal journal) {
    return pipeline.routes().isPresent()
        && (pipeline.deletedAt().isEmpty()
            || journal
                .find(pipeline.id().place())
                .filter(place -> place.pendingEntries() > 0)
                .isPresent());
  }

  /** The port of OTLP/HTTP. */
  int httpPort() {
    return httpPort;
  }

  private void requireFolders() throws CommandFailure {
    for (Path folder : options.folders()) {
      if (!Files.isDirectory(folder)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            Files.exists(folder)
                ? "%s is a file; a folder with manifests is expected".formatted(folder)
                : "there is no folder %s".formatted(folder));
      }
    }
  }

  private static PipelineLives lives(Path data, Journal journal) throws CommandFailure {
    return KeptData.open(
        data, LIVES, () -> PipelineLives.in(data.resolve(LIVES), waiting(journal)));
  }

  private DataFolder dataFolder() throws CommandFailure {
    try {
      return DataFolder.open(options.data);
    } catch (DataFolderException e) {
      throw new CommandFailure(ExitCode.FAILURE, String.valueOf(e.getMessage()));
    }
  }

  private String nothingRuns(Standalone standalone) {
    return standalone.empty()
        ? "the folder %s holds no manifest of a pipeline (in *.yaml, *.yml or *.json, not in sub-folders)"
            .formatted(options.folder)
        : "no pipeline of %s can run; mend what is said above".formatted(options.folder);
  }
}

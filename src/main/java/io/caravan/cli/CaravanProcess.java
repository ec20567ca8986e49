/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.PipelineId;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.node.DeadLetterHome;
import io.caravan.node.JournalHome;
import io.caravan.node.Node;
import io.caravan.observe.AdminServer;
import io.caravan.observe.ControlCommand;
import io.caravan.observe.ControlSocket;
import io.caravan.observe.Metrics;
import io.caravan.observe.Readiness;
import io.caravan.plan.PipelinePlan;
import io.caravan.standalone.DataFolder;
import io.caravan.standalone.DataFolderException;
import io.caravan.standalone.DataPlane;
import io.caravan.standalone.FolderFiles;
import io.caravan.standalone.PipelineLives;
import io.caravan.standalone.ShippedKamelets;
import io.caravan.standalone.Standalone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of a standalone process, started in their order and closed in the opposite one. */
final class CaravanProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("caravan");
  private static final String PLAN = "first plan";
  private static final String LIVES = "pipelines.json";
  private static final String PORTS = "OTLP ports";

  private final RunOptions options;
  private final Instant started = Instant.now();
  private final Readiness readiness = new Readiness();
  private final Metrics metrics = new Metrics();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private int httpPort;

  private CaravanProcess(RunOptions options) {
    this.options = options;
  }

  /**
   * Starts everything.
   *
   * @throws CommandFailure if that is not possible, for a reason that the user can mend
   */
  static CaravanProcess start(RunOptions options) throws Exception {
    CaravanProcess process = new CaravanProcess(options);
    try {
      process.start();
      return process;
    } catch (Exception e) {
      process.close();
      throw e;
    }
  }

  private void start() throws Exception {
    requireFolders();
    DataFolder data = own(dataFolder());
    InetAddress address = Ports.check(options);
    options.otlp.check();
    readiness.awaits(PLAN);
    readiness.awaits(PORTS);
    AdminServer admin = own(admin(address));
    Journal journal = own(kept("journal", () -> JournalHome.open(data.path(), metrics.registry())));
    DeadLetterHome home = new DeadLetterHome(metrics.registry());
    DeadLetters letters = own(kept("dead-letters", () -> home.open(data.path())));
    Node node = new Node(options.node(options.data), metrics.registry(), journal, letters);
    Standalone standalone =
        own(
            new Standalone(
                options.folders(),
                new FolderFiles((source, text) -> ManifestReader.read(text, source)),
                ShippedKamelets.read(),
                kept(LIVES, () -> PipelineLives.in(data.path().resolve(LIVES), waiting(journal))),
                DataPlane.of(node),
                Clock.systemUTC()));
    if (standalone.begin().pipelines().stream().noneMatch(one -> hasWork(one, journal))) {
      standalone.tell();
      throw new CommandFailure(ExitCode.USAGE, nothingRuns(standalone));
    }
    readiness.has(PLAN);
    standalone.start();
    home.tell(node::deadLettersDropped);
    httpPort = node.httpPort();
    readiness.has(PORTS);
    Map<String, ControlCommand> commands =
        new HashMap<>(new DeadLetterControl(letters, () -> names(standalone)).commands());
    commands.putAll(node.replays().commands());
    ProcessStatus status =
        new ProcessStatus(
            options, started, standalone, node, admin.port(), new LedgerReport(node, letters));
    commands.put("status", _ -> status.json());
    own(ControlSocket.open(data.controlSocket(), commands));
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

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
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

  /** What opens something in the data folder. */
  private interface Opening<T> {
    T open() throws IOException;
  }

  private <T> T kept(String folder, Opening<T> opening) throws CommandFailure {
    try {
      return opening.open();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILURE,
          "%s cannot be read (%s); repair the folder, or begin anew with another --data"
              .formatted(options.data.resolve(folder), e));
    }
  }

  private DataFolder dataFolder() throws CommandFailure {
    try {
      return DataFolder.open(options.data);
    } catch (DataFolderException e) {
      throw new CommandFailure(ExitCode.FAILURE, String.valueOf(e.getMessage()));
    }
  }

  private AdminServer admin(InetAddress address) throws CommandFailure {
    try {
      return AdminServer.start(
          new InetSocketAddress(address, options.adminPort), readiness, metrics);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILURE, Ports.cannotListen(address, options.adminPort, "--admin-port", e));
    }
  }

  private String nothingRuns(Standalone standalone) {
    return standalone.empty()
        ? "the folder %s holds no manifest of a pipeline (in *.yaml, *.yml or *.json, not in sub-folders)"
            .formatted(options.folder)
        : "no pipeline of %s can run; mend what is said above".formatted(options.folder);
  }

  /** Not ready any more, then everything ends in order, the data plane within its own bound. */
  @Override
  public void close() {
    readiness.awaits("end of this process");
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        log.warn("A part of the process did not close well", e);
      }
    }
  }
}

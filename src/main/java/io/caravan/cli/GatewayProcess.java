/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.cluster.Adopter;
import io.caravan.cluster.InstanceFolders;
import io.caravan.cluster.LastPlan;
import io.caravan.cluster.PlanFollower;
import io.caravan.cluster.PlanMount;
import io.caravan.cluster.PlanReport;
import io.caravan.cluster.PlanWatch;
import io.caravan.journal.Journal;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.node.DeadLetterHome;
import io.caravan.node.JournalHome;
import io.caravan.node.Node;
import io.caravan.observe.AdminServer;
import io.caravan.observe.Metrics;
import io.caravan.observe.Readiness;
import io.caravan.standalone.DataFolder;
import io.caravan.standalone.DataFolderException;
import io.caravan.standalone.DataPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of a gateway, started in their order and closed in the opposite one. */
final class GatewayProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("caravan");
  private static final String PLAN = "first plan";
  private static final int RECONNECT_MILLIS = 500;

  private final GatewayOptions options;
  private final Readiness readiness = new Readiness();
  private final Metrics metrics = new Metrics();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicReference<Optional<PlanWatch>> watch =
      new AtomicReference<>(Optional.empty());

  private GatewayProcess(GatewayOptions options) {
    this.options = options;
  }

  /**
   * Starts everything; the plan may come later.
   *
   * @throws CommandFailure if that is not possible, for a reason that the user can mend
   */
  static GatewayProcess start(GatewayOptions options) throws Exception {
    GatewayProcess process = new GatewayProcess(options);
    try {
      process.start();
      return process;
    } catch (Exception e) {
      process.close();
      throw e;
    }
  }

  private void start() throws Exception {
    InetAddress address = Ports.check(options);
    options.otlp.check();
    InstanceFolders folders = new InstanceFolders(options.data);
    DataFolder data = own(dataFolder(folders));
    readiness.awaits(PLAN);
    AdminServer admin = own(admin(address));
    Journal journal = own(JournalHome.open(data.path(), metrics.registry()));
    DeadLetterHome home = new DeadLetterHome(metrics.registry());
    DeadLetters letters = own(home.open(data.path()));
    Node node = new Node(options.node(data.path()), metrics.registry(), journal, letters);
    DataPlane plane = DataPlane.of(node);
    PlanFollower follower =
        own(
            PlanFollower.of(
                watch::get, new PlanMount(options.planMount), new LastPlan(data.path()), plane));
    Adopter adopter = own(new Adopter(folders, node));
    KubernetesClient client = own(client());
    watch.set(Optional.of(own(PlanWatch.start(client, options.namespace, follower::changed))));
    options.planToken.ifPresent(
        file ->
            admin.protect(
                "/plan",
                file,
                new PlanReport(options.instance, options.nodeName, follower, plane)::json));
    log.atInfo()
        .addKeyValue("instance", options.instance)
        .addKeyValue("namespace", options.namespace)
        .addKeyValue("data", data.path())
        .addKeyValue("admin", admin.port())
        .log("Caravan {} gateway", Version.number());
    follower.start(() -> running(node, home, adopter), this::failed);
  }

  private void running(Node node, DeadLetterHome home, Adopter adopter) {
    home.tell(node::deadLettersDropped);
    log.atInfo()
        .addKeyValue("grpc", node.grpcPort())
        .addKeyValue("http", node.httpPort())
        .log("Listening");
    adopter.start();
    readiness.has(PLAN);
  }

  /** Whoever has started this process starts it again; there is nothing that it could do. */
  private void failed(Exception e) {
    log.error("The data plane does not start", e);
    Runtime.getRuntime().halt(ExitCode.FAILURE);
  }

  private static KubernetesClient client() {
    Config config =
        new ConfigBuilder(Config.autoConfigure(null))
            .withWatchReconnectInterval(RECONNECT_MILLIS)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private DataFolder dataFolder(InstanceFolders folders) throws CommandFailure {
    try {
      return folders.own(options.instance);
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

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
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

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.cluster.Adopter;
import io.caravan.cluster.FlowReport;
import io.caravan.cluster.InstanceFolders;
import io.caravan.cluster.LastPlan;
import io.caravan.cluster.PlanFollower;
import io.caravan.cluster.PlanMount;
import io.caravan.cluster.PlanReport;
import io.caravan.cluster.PlanWatch;
import io.caravan.node.Node;
import io.caravan.observe.AdminServer;
import io.caravan.observe.ControlCommand;
import io.caravan.observe.ControlSocket;
import io.caravan.standalone.DataFolder;
import io.caravan.standalone.DataFolderException;
import io.caravan.standalone.DataPlane;
import io.caravan.standalone.StatusReport;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts all parts of a gateway in their order. */
final class GatewayProcess {
  private static final Logger log = LoggerFactory.getLogger("caravan");
  private static final String PLAN = "first plan";
  private static final int RECONNECT_MILLIS = 500;

  private final GatewayOptions options;
  private final ProcessParts parts;
  private final AtomicReference<Optional<PlanWatch>> watch =
      new AtomicReference<>(Optional.empty());

  GatewayProcess(GatewayOptions options, ProcessParts parts) {
    this.options = options;
    this.parts = parts;
  }

  /**
   * Starts everything; the plan may come later.
   *
   * @throws CommandFailure if that is not possible, for a reason that the user can mend
   */
  void start() throws Exception {
    InetAddress address = Ports.check(options);
    options.otlp.check();
    InstanceFolders folders = new InstanceFolders(options.data);
    DataFolder data = parts.own(dataFolder(folders));
    parts.readiness().awaits(PLAN);
    AdminServer admin = parts.admin(address, options.adminPort);
    KeptData kept = KeptData.open(data.path(), parts);
    Node node = kept.node(options, data.path(), parts);
    DataPlane plane = DataPlane.of(node);
    PlanFollower follower =
        parts.own(
            PlanFollower.of(
                watch::get, new PlanMount(options.planMount), new LastPlan(data.path()), plane));
    Adopter adopter = parts.own(new Adopter(folders, node));
    KubernetesClient client = parts.own(client());
    watch.set(
        Optional.of(parts.own(PlanWatch.start(client, options.namespace, follower::changed))));
    ProcessStatus status =
        new ProcessStatus(
            options,
            data.path(),
            () -> StatusReport.of(follower.plan(), plane),
            node,
            admin.port(),
            new LedgerReport(node, kept.letters()));
    Map<String, ControlCommand> commands = kept.control(node, () -> names(follower), status);
    parts.own(ControlSocket.open(data.controlSocket(), commands));
    options.planToken.ifPresent(
        file -> {
          admin.protect(
              "/plan",
              file,
              new PlanReport(
                      options.instance,
                      options.nodeName,
                      follower,
                      plane,
                      () -> undelivered(folders, data.path(), kept))
                  ::json);
          admin.protect(
              "/flow",
              file,
              new FlowReport(options.instance, Instant.now(), node::flows, Clock.systemUTC())
                  ::json);
          admin.control(file, commands);
        });
    log.atInfo()
        .addKeyValue("instance", options.instance)
        .addKeyValue("namespace", options.namespace)
        .addKeyValue("data", data.path())
        .addKeyValue("admin", admin.port())
        .log("Caravan {} gateway", Version.number());
    follower.start(() -> running(node, kept, adopter), this::failed);
  }

  /** Folders first: what is moved between the two looks is seen in its new place. */
  private static PlanReport.Undelivered undelivered(
      InstanceFolders folders, Path own, KeptData kept) {
    try {
      int others = folders.others(own);
      return new PlanReport.Undelivered(kept.pendingBytes(), others);
    } catch (DataFolderException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static Set<String> names(PlanFollower follower) {
    return follower.plan().pipelines().stream()
        .filter(each -> each.deletedAt().isEmpty())
        .map(each -> each.id().toString())
        .collect(Collectors.toSet());
  }

  private void running(Node node, KeptData kept, Adopter adopter) {
    kept.tell(node);
    log.atInfo()
        .addKeyValue("grpc", node.grpcPort())
        .addKeyValue("http", node.httpPort())
        .log("Listening");
    adopter.start();
    parts.readiness().has(PLAN);
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
}

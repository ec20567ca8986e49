/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.api.Telemetry;
import io.caravan.manager.round.FormerGateways;
import io.caravan.manager.round.Overrides;
import io.caravan.manager.round.UserKamelets;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what users have got wrong where they have no status, once, and how much the log
 * says. One thread.
 */
final class Told {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  private final Consumer<Optional<String>> logLevel;
  private Overrides overrides = Overrides.NONE;
  private Set<String> kamelets = Set.of();
  private String telemetry = "";
  private FormerGateways former = FormerGateways.NONE;
  private Optional<Telemetry> valid = Optional.empty();

  /**
   * Nothing told yet.
   *
   * @param logLevel as {@link ManagerSettings} has it
   */
  Told(Consumer<Optional<String>> logLevel) {
    this.logLevel = logLevel;
  }

  Overrides overrides(Overrides now) {
    if (!now.equals(overrides)) {
      now.error()
          .ifPresentOrElse(
              why ->
                  LOG.atWarn()
                      .addKeyValue("why", why)
                      .log("ConfigMap telemetry-overrides cannot be read; nothing is overridden"),
              () ->
                  LOG.atInfo()
                      .addKeyValue("paused", now.paused())
                      .addKeyValue("telemetryPaused", now.telemetryPaused())
                      .addKeyValue("gatewayPaused", now.gatewayPaused())
                      .log("Overrides"));
      if (!now.logLevel().equals(overrides.logLevel())) {
        logLevel.accept(now.logLevel());
      }
      overrides = now;
    }
    return now;
  }

  UserKamelets kamelets(UserKamelets now) {
    for (String each : now.findings()) {
      if (!kamelets.contains(each)) {
        LOG.atWarn().addKeyValue("finding", each).log("Kamelet of a ConfigMap");
      }
    }
    kamelets = new HashSet<>(now.findings());
    return now;
  }

  /** What it says, or what it said when it was last valid. */
  Optional<Telemetry> telemetry(GenericKubernetesResource resource) {
    String version =
        "%s/%s".formatted(resource.getMetadata().getUid(), resource.getMetadata().getGeneration());
    Optional<Telemetry> now = Round.read(resource);
    if (now.isPresent()) {
      valid = now;
    } else if (!version.equals(telemetry)) {
      LOG.warn("The Telemetry resource is not valid; what it said last goes on");
    }
    telemetry = version;
    return valid;
  }

  FormerGateways former(FormerGateways now) {
    if (!now.kept().equals(former.kept()) || now.serving() != former.serving()) {
      if (now.kept().isEmpty()) {
        LOG.info("No gateway of another mode is left: everything is delivered");
      } else {
        LOG.atInfo()
            .addKeyValue("workloads", now.kept())
            .log(
                now.serving()
                    ? "Gateways of another mode serve until those of this mode are ready"
                    : "Gateways of another mode take nothing new and stay until they have delivered what they have");
      }
      former = now;
    }
    return now;
  }

  void uninstalled(String namespace) {
    LOG.atInfo()
        .addKeyValue("folders", List.of("/var/lib/caravan/" + namespace))
        .log("Nothing is left in the cluster; journals stay on the nodes, in these folders");
  }
}

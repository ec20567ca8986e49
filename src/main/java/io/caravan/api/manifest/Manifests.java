/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.Secret;
import io.caravan.api.Telemetry;
import java.util.List;
import java.util.Set;

/**
 * What a set of manifests holds. A resource with an error is not among the resources, only named.
 *
 * @param pipelines in the order of the files, as are the other resources
 * @param rejected the resources that have errors; whoever runs an earlier version goes on with it
 * @param unreadable the sources that could not be read to their end, so that nobody knows which
 *     resources are missing
 * @param findings everything there is to say, in the order of the files
 */
public record Manifests(
    List<Found<Pipeline>> pipelines,
    List<Found<Telemetry>> telemetries,
    List<Found<Secret>> secrets,
    List<Found<KameletSource>> kamelets,
    Set<ResourceName> rejected,
    Set<String> unreadable,
    List<Finding> findings) {

  public Manifests {
    pipelines = List.copyOf(pipelines);
    telemetries = List.copyOf(telemetries);
    secrets = List.copyOf(secrets);
    kamelets = List.copyOf(kamelets);
    rejected = Set.copyOf(rejected);
    unreadable = Set.copyOf(unreadable);
    findings = List.copyOf(findings);
  }

  public boolean hasErrors() {
    return findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
  }
}

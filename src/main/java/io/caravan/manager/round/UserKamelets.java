/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.api.KameletSource;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.api.manifest.Manifests;
import io.caravan.manager.cluster.ConfigMaps;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The connectors of a cluster: the shipped ones, and those of ConfigMaps with the label {@code
 * caravan.io/kamelets}, each of whose entries is a file with Kamelets.
 *
 * @param kamelets one a name; a cluster's takes the place of a shipped one
 * @param findings what is wrong with entries, a sentence each, with their place
 */
public record UserKamelets(List<KameletSource> kamelets, List<String> findings) {

  public UserKamelets {
    kamelets = List.copyOf(kamelets);
    findings = List.copyOf(findings);
  }

  /** Of two entries with one name the one whose ConfigMap and key sort last counts. */
  public static UserKamelets of(List<KameletSource> shipped, List<ConfigMap> configMaps) {
    Map<String, KameletSource> all = new TreeMap<>();
    shipped.forEach(one -> all.put(one.name(), one));
    List<String> findings = new ArrayList<>();
    configMaps.stream()
        .filter(ConfigMaps::hasKamelets)
        .sorted(Comparator.comparing(one -> one.getMetadata().getName()))
        .forEach(
            one ->
                new TreeMap<>(Objects.requireNonNullElse(one.getData(), Map.of()))
                    .forEach(
                        (key, text) -> {
                          String place =
                              "ConfigMap %s, entry %s".formatted(one.getMetadata().getName(), key);
                          Manifests read = ManifestReader.read(text, place);
                          read.findings().forEach(each -> findings.add(each.toString()));
                          read.kamelets()
                              .forEach(found -> all.put(found.resource().name(), found.resource()));
                        }));
    return new UserKamelets(List.copyOf(all.values()), findings);
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.manager.workload.Installation.Additions;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The metadata of one component's objects. */
record Metadata(Installation installation, Component component) {

  /** Of an object in the namespace that is called as the component is. */
  ObjectMeta named() {
    return named(component.objectName());
  }

  ObjectMeta named(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(installation.namespace())
        .withLabels(Labels.of(component))
        .build();
  }

  /** Of an object without a namespace. */
  ObjectMeta ofCluster() {
    return new ObjectMetaBuilder()
        .withName(component.objectName())
        .withLabels(Labels.of(component))
        .build();
  }

  /** Of the Deployment, DaemonSet or StatefulSet. */
  ObjectMeta ofWorkload() {
    Additions more = installation.workload();
    return new ObjectMetaBuilder(named())
        .withLabels(merged(more.labels(), Labels.of(component)))
        .withAnnotations(new TreeMap<>(more.annotations()))
        .build();
  }

  /** Of its pods. */
  ObjectMeta ofPods(Map<String, String> annotations) {
    Additions more = installation.pod();
    return new ObjectMetaBuilder()
        .withLabels(merged(more.labels(), Labels.ofPods(component)))
        .withAnnotations(merged(more.annotations(), annotations))
        .build();
  }

  private static SortedMap<String, String> merged(
      Map<String, String> theirs, Map<String, String> ours) {
    SortedMap<String, String> all = new TreeMap<>(theirs);
    all.putAll(ours);
    return all;
  }
}

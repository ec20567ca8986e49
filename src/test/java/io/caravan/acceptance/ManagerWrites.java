/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.acceptance.fixture.KubernetesApi;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a manager has written, by what the API server says. */
final class ManagerWrites {
  private static final String NAMESPACE = "kyma-system";
  private static final Pattern REQUESTS =
      Pattern.compile(
          "^apiserver_request_total\\{([^}]*verb=\"(?:APPLY|PATCH|POST|PUT|DELETE)\"[^}]*)} ([0-9.e+]+)$",
          Pattern.MULTILINE);
  private static final Pattern RESOURCE = Pattern.compile("resource=\"([^\"]*)\"");

  /** Reviews are written to nothing; the lease is renewed as long as a manager lives. */
  private static final Set<String> NOT_WRITTEN =
      Set.of("leases", "subjectaccessreviews", "tokenreviews", "selfsubjectaccessreviews");

  private final KubernetesApi api;

  ManagerWrites(KubernetesApi api) {
    this.api = api;
  }

  /** How many writes the API server has counted, by resource. */
  SortedMap<String, Double> counted() {
    SortedMap<String, Double> writes = new TreeMap<>();
    Matcher request = REQUESTS.matcher(api.kubectl().run("get", "--raw", "/metrics"));
    while (request.find()) {
      Matcher resource = RESOURCE.matcher(request.group(1));
      if (resource.find() && !NOT_WRITTEN.contains(resource.group(1))) {
        writes.merge(resource.group(1), Double.parseDouble(request.group(2)), Double::sum);
      }
    }
    return writes;
  }

  /** The shards' objects with their versions. */
  SortedMap<String, String> shards() {
    SortedMap<String, String> versions = new TreeMap<>();
    Stream.<HasMetadata>concat(
            api.client().configMaps().inNamespace(NAMESPACE).list().getItems().stream(),
            api.client().secrets().inNamespace(NAMESPACE).list().getItems().stream())
        .filter(one -> one.getMetadata().getName().matches("telemetry-plan-[0-9]{2}"))
        .forEach(
            one ->
                versions.put(
                    one.getKind() + " " + one.getMetadata().getName(),
                    one.getMetadata().getResourceVersion()));
    return versions;
  }

  /** Which of them are others than then. */
  SortedSet<String> since(Map<String, String> before) {
    SortedSet<String> changed = new TreeSet<>();
    shards()
        .forEach(
            (object, version) -> {
              if (!version.equals(before.get(object))) {
                changed.add(object);
              }
            });
    return changed;
  }
}

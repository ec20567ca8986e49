/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.DidYouMean;
import io.caravan.api.schema.ResourceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides what a resource is by its apiVersion and kind. */
final class KindCheck {

  private static final String CAMEL_GROUP = "camel.apache.org";
  private static final String KAMELET = CAMEL_GROUP + "/v1";

  private static final Set<String> OUR_GROUPS =
      Arrays.stream(ResourceKind.values())
          .map(ResourceKind::group)
          .collect(Collectors.toUnmodifiableSet());

  private KindCheck() {}

  /** What a resource is. */
  sealed interface Answer {}

  /** A kind that is read. */
  sealed interface Known extends Answer {}

  /** One of the kinds with a definition of ours, in a version of it. */
  record Custom(ResourceKind kind, ApiVersion version) implements Known {}

  /** A Secret. */
  record SecretKind() implements Known {}

  /** A Kamelet. */
  record KameletKind() implements Known {}

  /** A kind that other programs read. */
  record Foreign(String message) implements Answer {}

  /** Meant to be one of ours, and written wrong. */
  record Wrong(String field, String message) implements Answer {}

  static Answer check(String apiVersion, String kind) {
    String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
    if (apiVersion.equals("v1") && kind.equals("Secret")) {
      return new SecretKind();
    }
    if (kind.equals("Kamelet") && group.equals(CAMEL_GROUP)) {
      return apiVersion.equals(KAMELET) ? new KameletKind() : wrongVersion(apiVersion, KAMELET);
    }
    Optional<ResourceKind> ours = ResourceKind.named(kind);
    if (ours.isPresent()) {
      return custom(ours.get(), apiVersion, group);
    }
    if (OUR_GROUPS.contains(group)) {
      List<String> kinds =
          Arrays.stream(ResourceKind.values())
              .filter(known -> known.group().equals(group))
              .map(ResourceKind::kind)
              .toList();
      return new Wrong(
          "kind",
          "%s has no kind '%s', only %s%s"
              .formatted(group, kind, String.join(", ", kinds), DidYouMean.hint(kind, kinds)));
    }
    return new Foreign(
        "%s of %s is not read here: ignored%s"
            .formatted(
                kind,
                apiVersion,
                DidYouMean.hint(
                    kind,
                    List.of(
                        "Secret", "Kamelet", "LogPipeline", "MetricPipeline", "TracePipeline"))));
  }

  private static Answer custom(ResourceKind kind, String apiVersion, String group) {
    Optional<ApiVersion> version = kind.version(apiVersion);
    if (version.isPresent()) {
      return new Custom(kind, version.get());
    }
    if (group.equals(kind.group())
        || DidYouMean.nearest(apiVersion, List.of(kind.apiVersion())).isPresent()) {
      return wrongVersion(apiVersion, kind.apiVersion());
    }
    return new Foreign(
        "%s of %s is not read here, only that of %s: ignored"
            .formatted(kind.kind(), apiVersion, kind.apiVersion()));
  }

  private static Wrong wrongVersion(String found, String expected) {
    return new Wrong("apiVersion", "found '%s', expected '%s'".formatted(found, expected));
  }
}

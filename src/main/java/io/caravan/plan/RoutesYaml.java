/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.OtlpInput;
import io.caravan.api.PipelineId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SequencedMap;

/** Writes the few lines that instantiate the template {@code pipeline} for one pipeline. */
final class RoutesYaml {
  private final PipelineId id;
  private final OtlpInput input;
  private final String templateId;

  RoutesYaml(PipelineId id, OtlpInput input, PlannedKamelet kamelet) {
    this.id = id;
    this.input = input;
    this.templateId = kamelet.templateId();
  }

  /** Unique: the name is kept as it is, and the digest has always the same length. */
  String routeId(String digest) {
    return id.kind().singular() + "-" + id.name() + "-" + digest;
  }

  /** Every value is quoted: a name may look like a number or like true. */
  String withDigest(String digest) {
    StringBuilder yaml =
        new StringBuilder(
            """
            - templatedRoute:
                routeTemplateRef: pipeline
                routeId: %s
                parameters:
            """
                .formatted(YamlScalar.quoted(routeId(digest))));
    for (Entry<String, String> parameter : parameters(digest).entrySet()) {
      yaml.append("      - name: ").append(parameter.getKey()).append('\n');
      yaml.append("        value: ").append(YamlScalar.quoted(parameter.getValue())).append('\n');
    }
    return yaml.toString();
  }

  private Map<String, String> parameters(String digest) {
    SequencedMap<String, String> parameters = new LinkedHashMap<>();
    parameters.put("pipeline", id.toString());
    if (!id.uid().isEmpty()) {
      parameters.put("uid", id.uid());
    }
    parameters.put("digest", digest);
    parameters.put("include", namespaces(input.namespaces().include()));
    parameters.put("exclude", namespaces(input.namespaces().exclude()));
    if (!input.enabled()) {
      parameters.put("enabled", "false");
    }
    parameters.put("sink", templateId + "/" + routeId(digest) + "-sink");
    return parameters;
  }

  private static String namespaces(List<String> names) {
    return String.join(",", names.stream().sorted().distinct().toList());
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.Programs;
import io.caravan.api.manifest.Deprecations;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.RuleCases;
import io.caravan.api.schema.Trees;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That a real API server takes our definitions, and judges by each of their rules as {@code caravan
 * validate} does: the same manifests as in the unit test of the rules, in both versions.
 */
class ResourceDefinitionsTest {

  private static final Path CRDS = Programs.home().resolve("deploy/crds");

  /** Of the kinds that a webhook converts there is none here: conversion has a test of its own. */
  private static final String NOWHERE = "--dry-run=server";

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  @BeforeAll
  static void installTheResourceDefinitions() {
    API.kubectl().apply(CRDS);
    API.kubectl()
        .run("wait", "--for=condition=Established", "--timeout=60s", "-f", CRDS.toString());
  }

  private static Stream<RuleCases.Case> cases() {
    return RuleCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldJudgeByEveryRuleAsTheProgramDoes(RuleCases.Case rule) {
    assertThat(refusal(rule, rule.broken())).contains(rule.message());
    assertThat(refusal(rule, rule.kept())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "logpipelines | NAME,CONFIGURATION GENERATED,GATEWAY HEALTHY,AGENT HEALTHY,FLOW HEALTHY,AGE",
        "logpipelines.v1alpha1.telemetry.kyma-project.io | NAME,CONFIGURATION GENERATED,GATEWAY HEALTHY,AGENT HEALTHY,FLOW HEALTHY,UNSUPPORTED MODE,AGE",
        "metricpipelines | NAME,CONFIGURATION GENERATED,GATEWAY HEALTHY,AGENT HEALTHY,FLOW HEALTHY,AGE",
        "tracepipelines | NAME,CONFIGURATION GENERATED,GATEWAY HEALTHY,FLOW HEALTHY,AGE",
        "tracepipelines.v1alpha1.telemetry.kyma-project.io | NAME,CONFIGURATION GENERATED,GATEWAY HEALTHY,FLOW HEALTHY,AGE",
        "telemetries | NAME,STATE,AGE",
        "telemetryreplays | NAME,PIPELINE,STATE,REPLAYED,OF,AGE"
      })
  void shouldShowTheColumnsOfThePredecessor(String resource, String columns) {
    API.kubectl().apply(manifests());

    String head = API.kubectl().run("get", resource).lines().findFirst().orElse("");

    assertThat(List.of(head.trim().split(" {2,}"))).containsExactly(columns.split(","));
  }

  @Test
  void shouldListAllPipelinesByTheirCategory() {
    API.kubectl().apply(manifests());

    assertThat(API.kubectl().run("get", "kyma-telemetry-pipelines", "-o", "name"))
        .contains("logpipeline.telemetry.kyma-project.io/shown")
        .contains("metricpipeline.telemetry.kyma-project.io/shown")
        .contains("tracepipeline.telemetry.kyma-project.io/shown");
  }

  @ParameterizedTest
  @MethodSource("older")
  void shouldWarnOfTheOlderVersion(ResourceKind kind) {
    String spec = kind == ResourceKind.TELEMETRY ? "{}" : "{output: {kamelet: {name: x}}}";
    Kubectl.Said said =
        API.kubectl().apply(Trees.resource(kind, ApiVersion.V1ALPHA1, spec).toString(), NOWHERE);

    assertThat(said.errors())
        .contains("Warning: " + Deprecations.ofVersion(kind, ApiVersion.V1ALPHA1));
  }

  private static Stream<ResourceKind> older() {
    return Stream.of(ResourceKind.values()).filter(kind -> kind.versions().size() == 2);
  }

  @Test
  void shouldRefuseToChangeAReplay() {
    API.kubectl().apply(replay(5));

    assertThat(API.kubectl().refusal(replay(6)))
        .contains("A TelemetryReplay cannot be changed. Please create another one instead");
  }

  private static String replay(int rate) {
    return Trees.resource(
            ResourceKind.TELEMETRY_REPLAY, "{pipeline: tracepipeline/a, rate: %d}".formatted(rate))
        .toString();
  }

  /** One of each kind, in the stored version. */
  private static String manifests() {
    StringBuilder manifests = new StringBuilder();
    for (ResourceKind kind : ResourceKind.values()) {
      ObjectNode tree =
          Trees.resource(
              kind,
              switch (kind) {
                case LOG_PIPELINE, METRIC_PIPELINE, TRACE_PIPELINE ->
                    "{output: {kamelet: {name: x}}}";
                case TELEMETRY -> "{}";
                case TELEMETRY_REPLAY -> "{pipeline: tracepipeline/a}";
              });
      ((ObjectNode) tree.path("metadata")).put("name", "shown");
      manifests.append("---\n").append(tree).append('\n');
    }
    return manifests.toString();
  }

  /** What the API server says to a new resource, with the defaults that the webhook would add. */
  private static String refusal(RuleCases.Case rule, String spec) {
    ObjectNode tree =
        Admission.withDefaults(
            rule.kind(), rule.version(), Trees.resource(rule.kind(), rule.version(), spec));
    if (rule.kind().isNamespaced()) {
      ((ObjectNode) tree.path("metadata")).put("namespace", "default");
    }
    Resource<GenericKubernetesResource> resource =
        API.client()
            .resource(new ObjectMapper().convertValue(tree, GenericKubernetesResource.class));
    try {
      resource.dryRun().create();
      return "";
    } catch (KubernetesClientException e) {
      return Map.of("code", e.getCode(), "message", String.valueOf(e.getMessage())).toString();
    }
  }
}

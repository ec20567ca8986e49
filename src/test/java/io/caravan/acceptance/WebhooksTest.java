/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.RuleCases;
import io.caravan.api.schema.Trees;
import io.caravan.manager.admission.WebhookCertificates;
import io.caravan.manager.admission.Webhooks;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The webhooks as users meet them: with a real API server in between, and {@code kubectl}. */
class WebhooksTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OTLP = "{output: {otlp: {endpoint: {value: 'http://x:4317'}}}}";
  private static final String NOWHERE = "--dry-run=server";

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static @Nullable RegisteredWebhooks installed;

  @BeforeAll
  static void install() throws Exception {
    installed = RegisteredWebhooks.install(API);
    // Two of its threads hear of a registration at two moments.
    Awaitility.await("the API server calls the webhooks")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        API.kubectl()
                            .apply(
                                manifest(
                                    ResourceKind.TRACE_PIPELINE, ApiVersion.V1BETA1, "first", OTLP),
                                NOWHERE,
                                "-o",
                                "json")
                            .output())
                    .contains("\"protocol\": \"grpc\""));
  }

  @AfterAll
  static void close() {
    if (installed != null) {
      installed.close();
    }
  }

  private static RegisteredWebhooks webhooks() {
    return Objects.requireNonNull(installed);
  }

  private static Stream<Arguments> versions() {
    return Webhooks.KINDS.stream()
        .flatMap(kind -> kind.versions().stream().map(version -> Arguments.of(kind, version)));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void shouldStoreWhatIsCreatedWithTheDefaultsOfItsVersion(ResourceKind kind, ApiVersion version)
      throws Exception {
    String name = "defaults-" + version;
    API.kubectl().apply(manifest(kind, version, name, OTLP));

    assertThat(get(kind, version, name).path("spec"))
        .isEqualTo(
            Admission.withDefaults(kind, version, Trees.resource(kind, version, OTLP))
                .path("spec"));
  }

  private static Stream<RuleCases.Case> rules() {
    return RuleCases.all().filter(rule -> Webhooks.KINDS.contains(rule.kind()));
  }

  /** Without the defaults of the webhook some rules would ask for fields that are not there. */
  @ParameterizedTest
  @MethodSource("rules")
  void shouldJudgeByEveryRuleAfterTheDefaults(RuleCases.Case rule) {
    assertThat(refusal(rule, rule.broken())).contains(rule.message());
    assertThat(refusal(rule, rule.kept())).isEmpty();
  }

  @Test
  void shouldRefuseWhatNoSchemaCanDescribe() {
    String properties = "{output: {kamelet: {name: x, properties: {list: [1]}}}}";

    for (ApiVersion version : ResourceKind.TRACE_PIPELINE.versions()) {
      assertThat(
              API.kubectl()
                  .refusal(manifest(ResourceKind.TRACE_PIPELINE, version, "odd", properties)))
          .contains(
              "admission webhook \"validating-tracepipelines-%s.kyma-project.io\" denied the request"
                  .formatted(version))
          .contains(
              "TracePipeline 'odd' is invalid: spec.output.kamelet.properties.list: expected a string");
    }
  }

  @Test
  void shouldRefuseMetricsThatThereAreNot() {
    String spec =
        """
        input: {runtime: {enabled: true, additionalMetrics: [k8s.pod.luck]}}
        output: {kamelet: {name: x}}
        """;

    for (ApiVersion version : ResourceKind.METRIC_PIPELINE.versions()) {
      assertThat(
              API.kubectl().refusal(manifest(ResourceKind.METRIC_PIPELINE, version, "lucky", spec)))
          .contains("invalid runtime additional metric: k8s.pod.luck.");
    }
  }

  @Test
  void shouldWarnOfWhatStemsFromFluentBit() {
    Kubectl.Said said =
        API.kubectl()
            .apply(
                manifest(
                    ResourceKind.LOG_PIPELINE,
                    ApiVersion.V1BETA1,
                    "old-ways",
                    "{output: {http: {host: {value: x}}}}"),
                NOWHERE);

    assertThat(said.errors())
        .contains(
            "Warning: LogPipeline 'old-ways' uses the attribute 'output.http' which is based on the deprecated FluentBit technology stack.");
  }

  @Test
  void shouldShowAPipelineOfTheOlderVersionInBothVersionsWithItsOwnWordsKept() throws Exception {
    ResourceKind kind = ResourceKind.LOG_PIPELINE;
    String spec =
        """
        input:
          application: {enabled: true, namespaces: {system: true}}
        output: {http: {host: {value: x}, tls: {disabled: true}}}
        """;
    API.kubectl().apply(manifest(kind, ApiVersion.V1ALPHA1, "older", spec));

    JsonNode newer = get(kind, ApiVersion.V1BETA1, "older");
    JsonNode older = get(kind, ApiVersion.V1ALPHA1, "older");

    assertThat(newer.at("/spec/input/runtime/enabled").asBoolean()).isTrue();
    assertThat(newer.at("/spec/input").has("application")).isFalse();
    assertThat(newer.at("/spec/output/http/tls/insecure").asBoolean()).isTrue();
    assertThat(newer.at("/metadata/annotations").has("telemetry.kyma-project.io/conversion-data"))
        .isTrue();
    assertThat(older.at("/spec/input/application/namespaces/system").asBoolean()).isTrue();
    assertThat(older.at("/spec/output/http/tls/disabled").asBoolean()).isTrue();
    assertThat(older.at("/metadata/annotations").has("telemetry.kyma-project.io/conversion-data"))
        .isFalse();
  }

  @Test
  void shouldShowAPipelineOfTheNewerVersionInTheOlderOne() throws Exception {
    ResourceKind kind = ResourceKind.METRIC_PIPELINE;
    String spec =
        """
        input: {otlp: {enabled: false}, prometheus: {enabled: true}}
        output: {otlp: {endpoint: {value: 'https://x:4317'}, tls: {insecureSkipVerify: true}}}
        """;
    API.kubectl().apply(manifest(kind, ApiVersion.V1BETA1, "newer", spec));

    JsonNode older = get(kind, ApiVersion.V1ALPHA1, "newer");

    assertThat(older.path("apiVersion").asText()).isEqualTo(kind.apiVersion(ApiVersion.V1ALPHA1));
    assertThat(older.at("/spec/input/otlp/disabled").asBoolean()).isTrue();
    assertThat(older.at("/spec/output/otlp/tls/insecureSkipVerify").asBoolean()).isTrue();
    assertThat(
            get(kind, ApiVersion.V1BETA1, "newer").at("/spec/input/otlp/enabled").asBoolean(true))
        .isFalse();
  }

  @Test
  void shouldChangeNothingOfADefinitionButItsConversionAndNothingTwice() {
    List<String> before = versions(ResourceKind.LOG_PIPELINE, ResourceKind.METRIC_PIPELINE);

    webhooks().register();

    assertThat(versions(ResourceKind.LOG_PIPELINE, ResourceKind.METRIC_PIPELINE)).isEqualTo(before);
    assertThat(
            API.kubectl()
                .run(
                    "get",
                    "crd",
                    "logpipelines.telemetry.kyma-project.io",
                    "-o",
                    "jsonpath={.spec.conversion.strategy} {.spec.versions[*].name}"))
        .isEqualTo("Webhook v1beta1 v1alpha1");
  }

  @Test
  void shouldReplaceAuthorityAndCertificateWithoutAFailedReview() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger reviews = new AtomicInteger();
    List<String> failures = new CopyOnWriteArrayList<>();
    Thread user =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    try {
                      String name = "review-" + reviews.get();
                      // Both webhooks of admission, and the one of conversion.
                      var _ =
                          API.client()
                              .resource(
                                  manifest(
                                      ResourceKind.LOG_PIPELINE, ApiVersion.V1ALPHA1, name, OTLP))
                              .dryRun()
                              .create();
                    } catch (KubernetesClientException e) {
                      failures.add(e.toString());
                    }
                    reviews.incrementAndGet();
                  }
                });
    WebhookCertificates first = webhooks().registered();
    awaitMore(reviews);

    WebhookCertificates known = webhooks().renew(Duration.ZERO);
    awaitMore(reviews);
    WebhookCertificates shown = webhooks().renew(Duration.ofMinutes(11));
    awaitMore(reviews);
    done.set(true);
    user.join();

    assertThat(known.caBundle())
        .as("a second authority")
        .hasSizeGreaterThan(first.caBundle().length());
    assertThat(known.serving()).as("goes on").hasToString(first.serving().toString());
    assertThat(shown.serving().chain()).isNotEqualTo(known.serving().chain());
    assertThat(failures).isEmpty();
  }

  private static void awaitMore(AtomicInteger reviews) {
    int before = reviews.get();
    Awaitility.await("twenty reviews more")
        .atMost(Duration.ofSeconds(60))
        .until(() -> reviews.get() >= before + 20);
  }

  @Test
  void shouldStoreNothingWhileNobodyJudges() throws Exception {
    String pipeline = manifest(ResourceKind.TRACE_PIPELINE, ApiVersion.V1BETA1, "unjudged", OTLP);
    webhooks().stop();
    try {
      assertThat(API.kubectl().refusal(pipeline))
          .contains("failed calling webhook \"mutating-tracepipelines-v1beta1.kyma-project.io\"")
          .contains("https://telemetry-manager-webhook.kyma-system.svc:")
          .contains("/mutate-telemetry-kyma-project-io-v1beta1-tracepipeline?timeout=15s");
    } finally {
      webhooks().startAgain();
    }
    API.kubectl().apply(pipeline);
  }

  private static String refusal(RuleCases.Case rule, String spec) {
    ObjectNode tree = Trees.resource(rule.kind(), rule.version(), spec);
    try {
      var _ =
          API.client()
              .resource(JSON.convertValue(tree, GenericKubernetesResource.class))
              .dryRun()
              .create();
      return "";
    } catch (KubernetesClientException e) {
      return Objects.toString(e.getMessage());
    }
  }

  private static String manifest(ResourceKind kind, ApiVersion version, String name, String spec) {
    ObjectNode tree = Trees.resource(kind, version, spec);
    ((ObjectNode) tree.path("metadata")).put("name", name);
    return tree.toString();
  }

  private static JsonNode get(ResourceKind kind, ApiVersion version, String name) throws Exception {
    String resource = "%s.%s.%s".formatted(kind.plural(), version, kind.group());
    return JSON.readTree(API.kubectl().run("get", resource, name, "-o", "json"));
  }

  private static List<String> versions(ResourceKind... kinds) {
    List<String> versions = new ArrayList<>();
    for (ResourceKind kind : kinds) {
      versions.add(
          API.client()
              .apiextensions()
              .v1()
              .customResourceDefinitions()
              .withName(kind.definitionName())
              .get()
              .getMetadata()
              .getResourceVersion());
    }
    for (String registration :
        List.of("mutatingwebhookconfiguration", "validatingwebhookconfiguration")) {
      versions.add(
          API.kubectl()
              .run("get", registration, "-o", "jsonpath={.items[*].metadata.resourceVersion}"));
    }
    return versions;
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static io.caravan.plan.OtlpOutputs.NO_TLS;
import static io.caravan.plan.OtlpOutputs.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.caravan.api.Authentication;
import io.caravan.api.Condition.Status;
import io.caravan.api.Delivery;
import io.caravan.api.Header;
import io.caravan.api.KameletSource;
import io.caravan.api.OtlpOutput;
import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.Pipeline;
import io.caravan.api.Secret;
import io.caravan.api.SecretValue;
import io.caravan.api.Tls;
import io.caravan.api.ValueType;
import io.caravan.plan.Certificates.Use;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final ValueType BACKEND = new ValueType.Literal("http://backend:4317");

  @Test
  void shouldGiveEqualPlansWhateverTheOrderOfTheSnapshot() {
    List<Pipeline> pipelines =
        new ArrayList<>(
            IntStream.range(0, 20)
                .<Pipeline>mapToObj(i -> pipeline("p" + i, grpc(BACKEND)))
                .toList());
    List<Secret> secrets = new ArrayList<>(List.of(secret("a", "x"), secret("b", "y")));
    List<KameletSource> kamelets = new ArrayList<>(TestKamelets.otlp());
    Plan plan = plan(pipelines, secrets, kamelets);

    Random random = new Random(1);
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(pipelines, random);
      Collections.shuffle(secrets, random);
      Collections.shuffle(kamelets, random);
      assertThat(plan(pipelines, secrets, kamelets)).isEqualTo(plan);
    }
    assertThat(plan.pipelines()).extracting(one -> one.id().name()).isSorted();
  }

  @Test
  void shouldGiveNamesThatAreAlikeRoutesOfTheirOwn() {
    Plan plan =
        plan(
            List.of(
                pipeline("a-b", grpc(BACKEND)),
                pipeline("a.b", grpc(BACKEND)),
                pipeline("a", grpc(BACKEND))),
            List.of());

    assertThat(plan.pipelines()).extracting(one -> routes(one).routeId()).doesNotHaveDuplicates();
    assertThat(plan.pipelines()).extracting(one -> routes(one).digest()).doesNotHaveDuplicates();
  }

  @Test
  void shouldRunTheOthersWhenOneIsBroken() {
    Plan plan =
        plan(
            List.of(
                pipeline("broken", grpc(new ValueType.Literal("backend"))),
                pipeline("good", grpc(BACKEND))),
            List.of());

    assertThat(plan.pipelines())
        .extracting(one -> one.routes().isPresent())
        .containsExactly(false, true);
  }

  @Test
  void shouldChangeTheDigestWithASecretsValueAndNothingElseOfThePlan() {
    ValueType endpoint = reference("endpoint");
    List<Pipeline> pipelines = List.of(pipeline("demo", grpc(endpoint)));

    PipelineRoutes before =
        routes(plan(pipelines, List.of(secret("endpoint", "one:4317"))).pipelines().getFirst());
    PipelineRoutes after =
        routes(plan(pipelines, List.of(secret("endpoint", "two:4317"))).pipelines().getFirst());

    assertThat(after.digest()).isNotEqualTo(before.digest());
    assertThat(after.yaml().replace(after.digest(), ""))
        .isEqualTo(before.yaml().replace(before.digest(), ""));
    assertThat(after.destination())
        .isEqualTo(before.destination())
        .isEqualTo(
            "otlp-grpc-sink to the endpoint in Key 'endpoint' in Secret 'endpoint' of Namespace 'default'");
  }

  @Test
  void shouldKeepTheDigestWhenOnlyTimePasses() {
    List<Pipeline> pipelines = List.of(pipeline("demo", grpc(BACKEND)));
    Snapshot now = snapshot(pipelines, List.of(), TestKamelets.otlp(), NOW);
    Snapshot later = snapshot(pipelines, List.of(), TestKamelets.otlp(), NOW.plusSeconds(3600));

    assertThat(Planner.plan(later)).isEqualTo(Planner.plan(now));
  }

  @Test
  void shouldKeepTheRoutesWhenOnlyTheDeliveryChanges() {
    Delivery impatient = delivery(Duration.ofHours(1));

    PipelinePlan before =
        plan(List.of(pipeline("demo", grpc(BACKEND))), List.of()).pipelines().getFirst();
    PipelinePlan after =
        plan(List.of(pipeline("demo", grpc(BACKEND), impatient)), List.of()).pipelines().getFirst();

    assertThat(after.routes()).isEqualTo(before.routes());
    assertThat(before.delivery()).isEqualTo(Delivery.DEFAULT);
    assertThat(after.delivery()).isEqualTo(impatient);
    assertThat(after).as("a plan that is to be applied").isNotEqualTo(before);
  }

  @Test
  void shouldSayHowTheBacklogOfAPipelineThatCannotRunIsKept() {
    Delivery patient = delivery(Duration.ofDays(2));
    OtlpOutput nowhere = grpc(new ValueType.Literal("backend"));

    PipelinePlan planned =
        plan(List.of(pipeline("demo", nowhere, patient)), List.of()).pipelines().getFirst();

    assertThat(planned.routes()).isEmpty();
    assertThat(planned.delivery()).isEqualTo(patient);
  }

  @Test
  void shouldChangeTheDigestWithTheKameletsContent() {
    List<Pipeline> pipelines = List.of(pipeline("demo", grpc(BACKEND)));
    KameletSource changed =
        TestKamelets.named("otlp-grpc-sink", TestKamelets.OTLP_GRPC.yaml() + "# changed\n");

    PipelineRoutes before = routes(plan(pipelines, List.of()).pipelines().getFirst());
    PipelineRoutes after =
        routes(plan(pipelines, List.of(), List.of(changed)).pipelines().getFirst());

    assertThat(after.digest()).isNotEqualTo(before.digest());
    assertThat(after.kamelet().templateId()).isNotEqualTo(before.kamelet().templateId());
  }

  @Test
  void shouldNotStopLookingAtACertificateThatIsAboutToExpire() throws Exception {
    KeyPair key = Certificates.rsaKey();
    String cert = Certificates.certificate(key, Use.CLIENT, NOW.plus(3, ChronoUnit.DAYS));
    Tls tls =
        new Tls(
            false,
            false,
            Optional.empty(),
            Optional.of(new ValueType.Literal(cert)),
            Optional.of(new ValueType.Literal(Certificates.pkcs8(key.getPrivate()))));
    OtlpOutput fine = OtlpOutputs.output(Protocol.GRPC, BACKEND, tls);
    OtlpOutput unsupported =
        OtlpOutputs.output(
            Protocol.HTTP,
            new ValueType.Literal("https://b"),
            tls,
            Optional.of(OtlpOutputs.OAUTH2),
            List.of());

    Plan plan = plan(List.of(pipeline("fine", fine), pipeline("oauth2", unsupported)), List.of());

    assertThat(plan.pipelines().getFirst().configurationGenerated())
        .returns(Status.TRUE, one -> one.status())
        .returns("TLSCertificateAboutToExpire", one -> one.reason());
    assertThat(plan.pipelines().getFirst().routes()).isPresent();
    assertThat(plan.pipelines().getLast().configurationGenerated())
        .returns(Status.FALSE, one -> one.status())
        .returns("NotSupportedYet", one -> one.reason());
  }

  @Test
  void shouldLetAHeaderNamedAuthorizationWinOverUserAndPassword() {
    Authentication basic =
        new Authentication.Basic(new ValueType.Literal("u"), new ValueType.Literal("p"));
    Header token =
        new Header("authorization", new ValueType.Literal("token\n"), Optional.of(" Api-Token "));
    Header tenant = new Header("X-Tenant", reference("tenant"), Optional.empty());

    PipelineRoutes routes =
        routes(
            plan(
                    List.of(
                        pipeline(
                            "demo",
                            OtlpOutputs.output(
                                Protocol.GRPC,
                                BACKEND,
                                NO_TLS,
                                Optional.of(basic),
                                List.of(tenant, token)))),
                    List.of(secret("tenant", "t1")))
                .pipelines()
                .getFirst());

    assertThat(routes.values())
        .doesNotContainKeys("user", "password")
        .containsEntry(
            "headers", new PlanValue.Secret("authorization: Api-Token token\nX-Tenant: t1"));
  }

  @Test
  void shouldRejectAHeaderThatWouldSmuggleInAnother() {
    Header header = new Header("X-Tenant", reference("tenant"), Optional.empty());

    PipelinePlan planned =
        plan(
                List.of(
                    pipeline(
                        "demo",
                        OtlpOutputs.output(
                            Protocol.GRPC, BACKEND, NO_TLS, Optional.empty(), List.of(header)))),
                List.of(secret("tenant", "t1\r\nAuthorization: me")))
            .pipelines()
            .getFirst();

    assertThat(planned.configurationGenerated().reason()).isEqualTo("HeaderInvalid");
    assertThat(planned.configurationGenerated().message())
        .isEqualTo(
            "spec.output.otlp.headers[0]: the value of header 'X-Tenant' has a line break in it, which no header can carry");
  }

  @Test
  void shouldRefuseASnapshotWithTwoPipelinesOfOneName() {
    List<Pipeline> twice = List.of(pipeline("a", grpc(BACKEND)), pipeline("a", grpc(BACKEND)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan(twice, List.of()))
        .withMessage("two pipelines named tracepipeline/a");
  }

  private static Delivery delivery(Duration age) {
    Delivery normal = Delivery.DEFAULT;
    return new Delivery(
        normal.acknowledge(),
        new Delivery.Buffer(normal.buffer().size(), age),
        normal.whenFull(),
        normal.order(),
        normal.retry(),
        normal.onDelete(),
        normal.retain(),
        normal.holdInput());
  }

  private static OtlpOutput grpc(ValueType endpoint) {
    return OtlpOutputs.output(Protocol.GRPC, endpoint, NO_TLS);
  }

  private static ValueType reference(String name) {
    return new ValueType.SecretKeyRef(name, "default", name);
  }

  private static Secret secret(String name, String value) {
    return new Secret(name, "default", Map.of(name, SecretValue.of(value)));
  }

  private static PipelineRoutes routes(PipelinePlan pipeline) {
    return pipeline.routes().orElseThrow();
  }

  private static Plan plan(List<Pipeline> pipelines, List<Secret> secrets) {
    return plan(pipelines, secrets, TestKamelets.otlp());
  }

  private static Plan plan(
      List<Pipeline> pipelines, List<Secret> secrets, List<KameletSource> kamelets) {
    return Planner.plan(snapshot(pipelines, secrets, kamelets, NOW));
  }

  private static Snapshot snapshot(
      List<Pipeline> pipelines, List<Secret> secrets, List<KameletSource> kamelets, Instant now) {
    return new Snapshot(pipelines, Optional.empty(), secrets, kamelets, Mode.STANDALONE, now);
  }
}

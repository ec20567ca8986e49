/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.kamelet;
import static io.caravan.node.TestPlans.pipeline;
import static io.caravan.node.TestPlans.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import io.caravan.signal.TestBatches;
import io.micrometer.core.instrument.Meter;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.model.ModelCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Isolated("it has everything logged")
class SecretsTest {
  private static final String MARKER = "MARKER";

  /** Keeps all that is logged, as a log file would show it. */
  private static final class Recorder extends AppenderBase<ILoggingEvent> {
    private final StringBuilder text = new StringBuilder();

    @Override
    protected void append(ILoggingEvent event) {
      text.append(event.getFormattedMessage()).append('\n');
      if (event.getThrowableProxy() != null) {
        text.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http-sink", "otlp-grpc-sink", "otlp-http-sink"})
  void shouldNeverShowASecret(String connector) throws Exception {
    Map<String, PlanValue> values = new HashMap<>();
    String address = connector.equals("http-sink") ? "url" : "endpoint";
    values.put(address, new PlanValue.Literal("http://127.0.0.1:1"));
    for (String property : new String[] {"user", "password"}) {
      values.put(property, new PlanValue.Secret(MARKER + property));
    }
    if (connector.equals("http-sink")) {
      values.put("headerName", new PlanValue.Literal("X-Api-Key"));
      values.put("headerValue", new PlanValue.Secret(MARKER + "header"));
      values.put("authorization", new PlanValue.Secret(MARKER + "authorization"));
    } else {
      values.put("headers", new PlanValue.Secret("X-Api-Key: " + MARKER + "header"));
      values.put("ca", new PlanValue.Secret(MARKER + "ca"));
    }
    assertShowsNothing(
        ConnectorsTest.shipped(connector),
        values,
        node -> await().until(() -> !node.node.deliveryFailures().isEmpty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // An option that does not exist, a scheme that does not exist, an expression that throws.
        "- to:\n    uri: http:backend\n    parameters:\n      noSuchOption: \"{{secret}}\"",
        "- to:\n    uri: nosuch:backend\n    parameters:\n      password: \"{{secret}}\"",
        "- setHeader:\n    name: x\n    simple: \"${ref:{{secret}}}\"\n- throwException:\n"
            + "    message: no\n    exceptionType: java.lang.IllegalArgumentException"
      })
  void shouldNeverShowASecretOfAKameletThatFails(String steps) throws Exception {
    assertShowsNothing(
        kamelet("broken-sink", steps, "secret"),
        Map.of("secret", new PlanValue.Secret(MARKER + "secret")),
        _ -> {});
  }

  @Test
  void shouldBlackOutAValueOfASecretThatTheKameletDoesNotMark() throws Exception {
    PlannedKamelet broken = kamelet("broken-sink", "- to:\n    uri: nosuch:{{where}}", "where");
    try (NodeFixture node =
        new NodeFixture()
            .start(
                plan(
                    pipeline(
                        "demo", "1", broken, Map.of("where", new PlanValue.Referenced(MARKER)))))) {
      assertThat(node.node.states().getFirst().loadError())
          .contains("nosuch")
          .doesNotContain(MARKER);
    }
  }

  private static void assertShowsNothing(
      PlannedKamelet kamelet, Map<String, PlanValue> values, Consumer<NodeFixture> afterwards)
      throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger camel = (Logger) LoggerFactory.getLogger("org.apache.camel");
    Level level = root.getLevel();
    Level camelLevel = camel.getLevel();
    Recorder recorder = new Recorder();
    recorder.start();
    root.setLevel(Level.TRACE);
    camel.setLevel(Level.TRACE);
    SensitiveLoggers.NAMES.forEach(name -> set(name, Level.INFO));
    root.addAppender(recorder);
    try (NodeFixture node =
        NodeFixture.impatient().start(plan(pipeline("demo", "1", kamelet, values)))) {
      Optional<Exception> answer = node.send(TestBatches.spans(1));
      afterwards.accept(node);
      ModelCamelContext context = node.node.context();
      assertThat(answer.toString()).doesNotContain(MARKER);
      assertThat(node.node.states().toString()).doesNotContain(MARKER);
      assertThat(pipeline("demo", "1", kamelet, values).toString()).doesNotContain(MARKER);
      assertThat(context.getEndpoints().toString()).doesNotContain(MARKER);
      assertThat(context.getRoutes().toString()).doesNotContain(MARKER);
      assertThat(dump(context)).isNotEmpty().doesNotContain(MARKER);
      assertThat(ManagementFactory.getPlatformMBeanServer().getDomains())
          .as("JMX is off")
          .doesNotContain("org.apache.camel");
      assertThat(node.meters.getMeters().stream().map(Meter::getId).toList().toString())
          .doesNotContain(MARKER);
    } finally {
      root.detachAppender(recorder);
      root.setLevel(level);
      camel.setLevel(camelLevel);
      SensitiveLoggers.NAMES.forEach(name -> set(name, null));
    }
    assertThat(recorder.text.toString()).contains("tracepipeline-demo").doesNotContain(MARKER);
  }

  private static void set(String logger, @Nullable Level level) {
    ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
  }

  /** What a dump of the routes is made of. */
  private static String dump(ModelCamelContext context) {
    return context.getRouteDefinitions().stream()
        .map(route -> route + " " + route.getTemplateParameters())
        .collect(Collectors.joining("\n"));
  }
}

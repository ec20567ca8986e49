/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.AtStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class EnvironmentDefaultsTest {

  record Sample(
      String option,
      String variable,
      String fromVariable,
      Object value,
      String flag,
      Object beaten) {}

  static final List<Sample> SAMPLES =
      List.of(
          new Sample("--grpc-port", "CARAVAN_GRPC_PORT", "14317", 14317, "24317", 24317),
          new Sample("--http-port", "CARAVAN_HTTP_PORT", "14318", 14318, "0", 0),
          new Sample("--admin-port", "CARAVAN_ADMIN_PORT", "65535", 65535, "1", 1),
          new Sample("--bind", "CARAVAN_BIND", "0.0.0.0", "0.0.0.0", "::1", "::1"),
          new Sample("--data", "CARAVAN_DATA", "/a b", Path.of("/a b"), "c", Path.of("c")),
          new Sample(
              "--kamelets",
              "CARAVAN_KAMELETS",
              "k",
              List.of(Path.of("k")),
              "l",
              List.of(Path.of("l"))),
          new Sample(
              "--attempt-timeout",
              "CARAVAN_ATTEMPT_TIMEOUT",
              "500ms",
              Duration.ofMillis(500),
              "2m",
              Duration.ofMinutes(2)),
          new Sample(
              "--drain-timeout",
              "CARAVAN_DRAIN_TIMEOUT",
              "24h",
              Duration.ofDays(1),
              "3s",
              Duration.ofSeconds(3)),
          new Sample(
              "--at-stop", "CARAVAN_AT_STOP", "deliver", AtStop.DELIVER, "KEEP", AtStop.KEEP),
          new Sample(
              "--resource-attributes",
              "CARAVAN_RESOURCE_ATTRIBUTES",
              "a=1, b=x%2Cy+z",
              new AttributeList(Map.of("a", "1", "b", "x,y+z")),
              "c=",
              new AttributeList(Map.of("c", ""))),
          new Sample("--in-flight", "CARAVAN_IN_FLIGHT", "64MiB", 64L << 20, "1024GiB", 1L << 40),
          new Sample("--pipeline-in-flight", "CARAVAN_PIPELINE_IN_FLIGHT", "7", 7L, "1kib", 1024L),
          file("--otlp-tls-cert", "CARAVAN_OTLP_TLS_CERT"),
          file("--otlp-tls-key", "CARAVAN_OTLP_TLS_KEY"),
          file("--otlp-tls-client-ca", "CARAVAN_OTLP_TLS_CLIENT_CA"),
          file("--otlp-bearer-tokens", "CARAVAN_OTLP_BEARER_TOKENS"),
          file("--otlp-basic-auth", "CARAVAN_OTLP_BASIC_AUTH"),
          new Sample(
              "--otlp-max-connection-age",
              "CARAVAN_OTLP_MAX_CONNECTION_AGE",
              "30m",
              Duration.ofMinutes(30),
              "0",
              Duration.ZERO),
          new Sample(
              "--otlp-cors-origins",
              "CARAVAN_OTLP_CORS_ORIGINS",
              "https://a.org,https://*.b.org",
              List.of("https://a.org", "https://*.b.org"),
              "*",
              List.of("*")),
          new Sample(
              "--log-format",
              "CARAVAN_LOG_FORMAT",
              "JSON",
              Logging.Format.JSON,
              "text",
              Logging.Format.TEXT),
          new Sample(
              "--log-level",
              "CARAVAN_LOG_LEVEL",
              "debug",
              Logging.Verbosity.DEBUG,
              "Error",
              Logging.Verbosity.ERROR));

  private static Sample file(String option, String variable) {
    return new Sample(
        option,
        variable,
        "a/file",
        Optional.of(Path.of("a/file")),
        "other",
        Optional.of(Path.of("other")));
  }

  @Test
  void shouldKnowASampleOfEveryOption() {
    assertThat(run(Map.of()).options().stream().map(OptionSpec::longestName))
        .containsAll(SAMPLES.stream().map(Sample::option).toList())
        .hasSize(SAMPLES.size() + 2); // --help and --version
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void shouldTakeTheVariableWhereThereIsNoFlag(Sample sample) {
    assertThat(value(run(Map.of(sample.variable(), sample.fromVariable())), sample))
        .isEqualTo(sample.value());
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void shouldLetTheFlagBeatTheVariable(Sample sample) {
    Map<String, String> environment = Map.of(sample.variable(), sample.fromVariable());

    assertThat(value(run(environment, sample.option(), sample.flag()), sample))
        .isEqualTo(sample.beaten());
    assertThat(value(run(environment, sample.option() + "=" + sample.flag()), sample))
        .isEqualTo(sample.beaten());
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void shouldTakeAnEmptyVariableForNone(Sample sample) {
    assertThat(value(run(Map.of(sample.variable(), "")), sample))
        .isEqualTo(value(run(Map.of()), sample));
  }

  @Test
  void shouldHaveTheDefaultsThatTheReadmeNames() {
    CommandSpec run = run(Map.of());

    assertThat(
            SAMPLES.stream()
                .filter(one -> value(run, one) != null)
                .collect(Collectors.toMap(Sample::option, one -> value(run, one))))
        .containsEntry("--grpc-port", 4317)
        .containsEntry("--http-port", 4318)
        .containsEntry("--admin-port", 8888)
        .containsEntry("--bind", "127.0.0.1")
        .containsEntry("--data", Path.of(".caravan"))
        .containsEntry("--kamelets", List.of())
        .containsEntry("--attempt-timeout", Duration.ofSeconds(5))
        .doesNotContainKeys("--in-flight", "--pipeline-in-flight")
        .containsEntry("--log-format", Logging.Format.TEXT)
        .containsEntry("--log-level", Logging.Verbosity.INFO);
  }

  @Test
  void shouldFollowEveryFolderThatIsNamed() {
    CommandSpec run = run(Map.of(), "--kamelets", "a", "--kamelets=b");
    RunOptions options = (RunOptions) run.mixins().values().iterator().next().userObject();

    assertThat(options.folders()).containsExactly(Path.of("pipelines"), Path.of("a"), Path.of("b"));
  }

  @Test
  void shouldNameTheVariableWhereAWrongValueCameFrom() {
    Answer answer = Answer.with(Map.of("CARAVAN_GRPC_PORT", "http"), "run", "pipelines");

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err())
        .contains("environment variable CARAVAN_GRPC_PORT: ", "--grpc-port", "'http'", "65535");
  }

  @Test
  void shouldNotBlameTheVariableForAWrongFlag() {
    Answer answer =
        Answer.with(Map.of("CARAVAN_GRPC_PORT", "4317"), "run", "pipelines", "--grpc-port=http");

    assertThat(answer.err()).contains("--grpc-port", "'http'").doesNotContain("environment");
  }

  private static CommandSpec run(Map<String, String> environment, String... flags) {
    String[] arguments = new String[flags.length + 2];
    arguments[0] = "run";
    arguments[1] = "pipelines";
    System.arraycopy(flags, 0, arguments, 2, flags.length);
    return Caravan.commandLine(environment).parseArgs(arguments).subcommand().commandSpec();
  }

  private static Object value(CommandSpec run, Sample sample) {
    return run.findOption(sample.option()).getValue();
  }
}

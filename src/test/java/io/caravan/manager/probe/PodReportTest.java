/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.api.PipelineFlow;
import io.caravan.api.PipelineFlow.Waiting;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.api.Remainder;
import io.caravan.cluster.FlowReport;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a pod answers")
class PodReportTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo", "u1");
  private static final Instant UNTIL = Instant.parse("2026-01-01T00:10:00Z");

  @Test
  void shouldBeReadWithWhateverElseALaterVersionAdds() throws Exception {
    PodReport report =
        PodReport.parse(
            bytes(
                """
                {"format":1, "instance":"x", "weather":"fine", "pipelines":[
                  {"pipeline":"tracepipeline/demo", "kind":"TracePipeline", "uid":"u1",
                   "planned":"b", "running":"a", "loadError":"no such host", "mood":{},
                   "deletedAt":"2026-01-01T00:00:00Z", "remainder":{"until":"2026-01-01T00:10:00Z","records":7,"bytes":70}}],
                 "unread":[{"entry":"logpipeline.x","pipeline":"logpipeline/x","why":"too new"},
                           {"entry":"strange","why":"no key"}]}
                """));

    assertThat(report)
        .isEqualTo(
            new PodReport(
                Map.of(
                    DEMO,
                    new PodReport.Taking(
                        Optional.of("b"),
                        Optional.of("a"),
                        Optional.of("no such host"),
                        true,
                        Optional.of(new Remainder(UNTIL, 7, 70)))),
                Map.of(new PipelineId(PipelineKind.LOG, "x"), "too new")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'bytes':0,'folders':0} | true",
        "{'bytes':1,'folders':0} | false",
        "{'bytes':0,'folders':1} | false",
        "{'bytes':0} | false",
        "7 | false"
      })
  void shouldBeEmptiedOnlyWhereItSaysThatNothingIsLeft(String undelivered, boolean emptied)
      throws Exception {
    PodReport report =
        PodReport.parse(
            bytes("{\"format\":1,\"undelivered\":" + undelivered.replace('\'', '"') + "}"));

    assertThat(report.emptied()).isEqualTo(emptied);
    assertThat(report.withoutCounts().emptied()).isEqualTo(emptied);
  }

  @Test
  void shouldHaveEndedAPipelineThatItKnowsToBeDeletedAndHasNothingOf() throws Exception {
    String deleted =
        "{\"pipeline\":\"tracepipeline/demo\",\"kind\":\"TracePipeline\",\"uid\":\"u1\",\"deletedAt\":\"2026-01-01T00:00:00Z\"%s}";

    assertThat(report("").hasEnded(DEMO)).isTrue();
    assertThat(report(deleted.formatted("")).hasEnded(DEMO)).isTrue();
    assertThat(
            report(
                    deleted.formatted(
                        ",\"remainder\":{\"until\":\"2026-01-01T00:10:00Z\",\"records\":7,\"bytes\":70}"))
                .hasEnded(DEMO))
        .isFalse();
    assertThat(report(deleted.formatted("").replace("deletedAt", "planned")).hasEnded(DEMO))
        .as("it has not heard of the deletion")
        .isFalse();
  }

  private static PodReport report(String pipelines) throws Exception {
    return PodReport.parse(bytes("{\"format\":1,\"pipelines\":[%s]}".formatted(pipelines)));
  }

  @Test
  void shouldBeTheSameWhereOnlyWhatIsLeftHasBecomeLess() throws Exception {
    String text =
        """
        {"format":1, "pipelines":[{"pipeline":"tracepipeline/demo", "uid":"u1",
         "remainder":{"until":"2026-01-01T00:10:00Z","records":%d,"bytes":70}}]}
        """;

    PodReport more = PodReport.parse(bytes(text.formatted(7)));
    PodReport less = PodReport.parse(bytes(text.formatted(6)));

    assertThat(more).isNotEqualTo(less);
    assertThat(more.withoutCounts()).isEqualTo(less.withoutCounts());
  }

  @Test
  void shouldBeRefusedWithTheReasonWhereTheFormatIsALaterOne() {
    assertThatThrownBy(() -> PodReport.parse(bytes("{\"format\":2}")))
        .hasMessage(
            "its report has format 2, and this manager reads 1: the pod runs a later version than the manager");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not JSON",
        "[]",
        "{}",
        "{\"format\":1,\"pipelines\":[{\"pipeline\":\"?\"}]}",
        "{\"format\":1,\"pipelines\":[{\"pipeline\":\"tracepipeline/a\",\"remainder\":{}}]}"
      })
  void shouldBeRefusedWhereItIsNoReport(String body) {
    assertThatThrownBy(() -> PodReport.parse(bytes(body)))
        .isInstanceOf(UnreadableReportException.class);
  }

  @Test
  void shouldTellLossesFromWhatIsNoneInTheCountsOfADataPlane() throws Exception {
    Instant now = Instant.parse("2026-01-01T00:02:00Z");
    PipelineFlow flow =
        new PipelineFlow(
            1000,
            500,
            20,
            new TreeMap<>(Map.of("journal_full", 3L, "adopted", 100L, "dead_letters_expired", 20L)),
            new TreeMap<>(Map.of("journal_full", 5L, "invalid_argument", 7L, "not_running", 9L)),
            new Waiting(80, 100, Optional.of(now.minusSeconds(90))));
    FlowReport report =
        new FlowReport(
            "x",
            Instant.EPOCH,
            () -> new TreeMap<>(Map.of(DEMO, flow)),
            Clock.fixed(now, ZoneOffset.UTC));

    FlowSample sample = FlowSample.parse(bytes(report.json()));

    assertThat(sample)
        .isEqualTo(
            new FlowSample(
                "1970-01-01T00:00:00Z",
                Map.of(DEMO, new FlowSample.Counts(500, 20 + 3 + 7, 5, 80, 100, 90))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}

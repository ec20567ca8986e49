/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import static io.caravan.plan.shard.GeneratedPlans.pipeline;
import static io.caravan.plan.shard.GeneratedPlans.withoutRoutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ShardReadingTest {
  private static final PipelinePlan DEMO = pipeline("demo", "a");
  private static final PipelinePlan CHANGED = pipeline("demo", "b");
  private static final PipelinePlan OTHER = pipeline("other", "a");
  private static final String KEY = "tracepipeline.demo";

  @Test
  void shouldKeepWhatRunsUntilBothObjectsShowOneDigest() {
    Shard old = shard(DEMO);
    Shard next = shard(CHANGED);

    for (Shard half :
        List.of(
            new Shard(old.number(), next.config(), old.secret()),
            new Shard(old.number(), old.config(), next.secret()))) {
      ShardReading reading = ShardReading.of(List.of(half));

      assertThat(reading.plan()).isEqualTo(Plan.EMPTY);
      assertThat(reading.unread())
          .singleElement()
          .extracting(Unread::pipeline)
          .isEqualTo(java.util.Optional.of(DEMO.id()));
      assertThat(reading.unread().getFirst().why()).contains("digest");
      assertThat(reading.over(GeneratedPlans.of(DEMO))).isEqualTo(GeneratedPlans.of(DEMO));
    }
    assertThat(ShardReading.of(List.of(next)).over(GeneratedPlans.of(DEMO)))
        .isEqualTo(GeneratedPlans.of(CHANGED));
  }

  @Test
  void shouldKeepTheBacklogOfAPipelineWhoseValuesAreNotThereYet() {
    Shard shard = shard(DEMO);
    ShardReading reading =
        ShardReading.of(List.of(new Shard(shard.number(), shard.config(), new TreeMap<>())));

    PipelinePlan planned = reading.over(Plan.EMPTY).pipelines().getFirst();

    assertThat(planned.id()).isEqualTo(DEMO.id());
    assertThat(planned.routes()).isEmpty();
    assertThat(planned.configurationGenerated().status()).isEqualTo(Condition.Status.UNKNOWN);
    assertThat(planned.configurationGenerated().message()).contains(KEY, "has no entry for it yet");
  }

  @Test
  void shouldEndOnlyWhatAShardThatIsThereNoLongerHas() {
    Shard gone = Shard.empty(Shard.of(DEMO.id()));
    assertThat(Shard.of(OTHER.id())).isNotEqualTo(gone.number());

    assertThat(ShardReading.of(List.of(gone)).over(GeneratedPlans.of(DEMO, OTHER)))
        .isEqualTo(GeneratedPlans.of(OTHER));
    assertThat(ShardReading.of(List.of()).over(GeneratedPlans.of(DEMO, OTHER)))
        .isEqualTo(GeneratedPlans.of(DEMO, OTHER));
  }

  @Test
  void shouldStopAPipelineWhoseNewVersionCannotBeRun() {
    PipelinePlan broken = withoutRoutes(DEMO);

    assertThat(ShardReading.of(List.of(shard(broken))).over(GeneratedPlans.of(DEMO)))
        .isEqualTo(GeneratedPlans.of(broken));
  }

  @Test
  void shouldLeaveFieldsAloneThatItDoesNotKnow() {
    Shard shard =
        edited(DEMO, text -> text.replace("\"format\":\"1.0\"", "\"format\":\"1.7\",\"more\":{}"));

    assertThat(ShardReading.of(List.of(shard)).plan()).isEqualTo(GeneratedPlans.of(DEMO));
  }

  @Test
  void shouldRefuseALaterFormatAndSayWhatToDo() {
    Shard shard = edited(DEMO, text -> text.replace("\"format\":\"1.0\"", "\"format\":\"2.0\""));

    ShardReading reading = ShardReading.of(List.of(shard));

    assertThat(reading.plan()).isEqualTo(Plan.EMPTY);
    assertThat(reading.unread().getFirst().why())
        .contains("format is 2.0", "reads 1.x", "the version of the manager");
    assertThat(reading.over(GeneratedPlans.of(DEMO))).isEqualTo(GeneratedPlans.of(DEMO));
    assertThat(reading.over(Plan.EMPTY).pipelines().getFirst().delivery())
        .isEqualTo(DEMO.delivery());
  }

  @Test
  void shouldKeepWhatRunsWhereAnEntryIsBroken() {
    for (UnaryOperator<String> fault :
        List.<UnaryOperator<String>>of(
            _ -> "",
            _ -> "{",
            _ -> "[]",
            _ -> "{\"format\":1}",
            text -> text.replace("\"name\"", "\"nom\""),
            text -> text.replace("TracePipeline", "SpanPipeline"),
            text -> text.replace("\"disk\"", "\"tape\""),
            text -> text.replace("\"24h\"", "\"a day\""),
            text -> text.replace("1073741824", "\"1Gi\""),
            text -> text.replace("\"condition\"", "\"state\""),
            text -> text.replace("\"yaml\"", "\"yml\""))) {
      Shard shard = edited(DEMO, fault);

      ShardReading reading = ShardReading.of(List.of(shard));

      assertThat(reading.unread()).hasSize(1);
      assertThat(reading.over(GeneratedPlans.of(DEMO))).isEqualTo(GeneratedPlans.of(DEMO));
    }
  }

  @Test
  void shouldRefuseAKameletWhoseContentIsNotTheOneOfItsDigest() {
    Shard shard = shard(DEMO);
    SortedMap<String, String> config = new TreeMap<>(shard.config());
    config.replaceAll((key, text) -> key.startsWith("kamelet.") ? text + "#" : text);

    ShardReading reading =
        ShardReading.of(List.of(new Shard(shard.number(), config, shard.secret())));

    assertThat(reading.unread().getFirst().why()).contains("not the one of that digest");
  }

  @Test
  void shouldTellNoValueWhereTheSecretIsBroken() {
    Shard shard = shard(pipeline("demo", "hunter2"));
    for (String fault :
        List.of(
            "hunter2",
            "{\"format\":\"1.0\",\"digest\":\"%s\",\"values\":{\"key\":{\"plain\":\"hunter2\"}}}"
                .formatted(digest("hunter2")))) {
      SortedMap<String, String> secret = new TreeMap<>(shard.secret());
      secret.put(KEY, fault);

      ShardReading reading =
          ShardReading.of(List.of(new Shard(shard.number(), shard.config(), secret)));

      assertThat(reading.unread()).hasSize(1);
      assertThat(reading.toString()).doesNotContain("hunter2");
    }
  }

  private static String digest(String secret) {
    return pipeline("demo", secret).routes().orElseThrow().digest();
  }

  private static Shard shard(PipelinePlan pipeline) {
    return Shards.of(GeneratedPlans.of(pipeline), new ArrayList<>(), Instant.EPOCH, Shards.BOUND)
        .shards()
        .get(Shard.of(pipeline.id()));
  }

  private static Shard edited(PipelinePlan pipeline, UnaryOperator<String> edit) {
    Shard shard = shard(pipeline);
    SortedMap<String, String> config = new TreeMap<>(shard.config());
    config.compute(KEY, (_, text) -> edit.apply(String.valueOf(text)));
    return new Shard(shard.number(), config, shard.secret());
  }
}

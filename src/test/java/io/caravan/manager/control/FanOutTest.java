/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.manager.probe.AskedPod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FanOutTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, PodAnswer> answers = new HashMap<>();
  private final List<String> given = new ArrayList<>();
  private final List<FanOut.Target> there = new ArrayList<>();
  private final FanOut fanOut =
      new FanOut(
          (pod, command, arguments) -> {
            given.add("%s %s %s".formatted(pod.name(), command, arguments));
            return CompletableFuture.completedFuture(answers.get(pod.name()));
          });

  private void answers(String pod, String json) throws IOException {
    there.add(new FanOut.Target(pod, Optional.of(new AskedPod(pod, "uid-" + pod, "127.0.0.1", 1))));
    answers.put(pod, new PodAnswer.Done(pod, json(json)));
  }

  private void refuses(String pod, String why) {
    there.add(new FanOut.Target(pod, Optional.of(new AskedPod(pod, "uid-" + pod, "127.0.0.1", 1))));
    answers.put(pod, new PodAnswer.Refused(pod, why));
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void shouldSumWhatPodsCountAndTellTheWorst() throws Exception {
    answers(
        "a",
        "{'pipelines':[{'pipeline':'tracepipeline/demo','uid':'1','healthy':true,'running':'d1',"
            + "'condition':{'reason':'GatewayConfigured','message':'fine'},"
            + "'accounted':{'status':'True'},"
            + "'ledger':{'accepted':{'records':5,'bytes':50},'oldest':'2026-01-02T00:00:00Z',"
            + "'lines':[{'result':'delivered','reason':'','records':3}]}}],"
            + "'process':{'version':'1.0','started':'2026-01-01T00:00:00Z'}}");
    answers(
        "b",
        "{'pipelines':[{'pipeline':'tracepipeline/demo','uid':'1','healthy':false,"
            + "'loadError':'no such component',"
            + "'condition':{'reason':'NotLoaded','message':'bad'},"
            + "'accounted':{'status':'False','message':'2 records'},"
            + "'ledger':{'accepted':{'records':7,'bytes':70},'oldest':'2026-01-01T00:00:00Z',"
            + "'lines':[{'result':'delivered','reason':'','records':4},"
            + "{'result':'dropped','reason':'corrupt','records':1}]}},"
            + "{'pipeline':'tracepipeline/other','healthy':true}]}");

    JsonNode whole = fanOut.ask(there, "status", json("{}"));

    // As text: a sum is a long number, and what is parsed an int.
    assertThat(whole.path("pipelines").toString())
        .isEqualTo(
            json("{'p':[{'pipeline':'tracepipeline/demo','uid':'1','healthy':false,'running':'d1',"
                    + "'condition':{'reason':'NotLoaded','message':'bad'},"
                    + "'accounted':{'status':'False','message':'2 records'},"
                    + "'ledger':{'accepted':{'records':12,'bytes':120},'oldest':'2026-01-01T00:00:00Z',"
                    + "'lines':[{'result':'delivered','reason':'','records':7},"
                    + "{'result':'dropped','reason':'corrupt','records':1}]},"
                    + "'loadError':'no such component'},"
                    + "{'pipeline':'tracepipeline/other','healthy':true}]}")
                .path("p")
                .toString());
    assertThat(whole.path("pods").path(0))
        .isEqualTo(json("{'pod':'a','version':'1.0','started':'2026-01-01T00:00:00Z'}"));
  }

  @Test
  void shouldNamePodsThatHaveNotAnswered() throws Exception {
    answers("a", "{'pipelines':[{'pipeline':'tracepipeline/demo','letters':3}]}");
    there.add(new FanOut.Target("b", Optional.empty()));

    JsonNode whole = fanOut.ask(there, "dead-letters-ls", json("{}"));

    assertThat(whole.path("pipelines").path(0).path("letters").asInt()).isEqualTo(3);
    assertThat(whole.path("pods").path(1).path("error").asText()).contains("not ready");
  }

  @Test
  void shouldRefuseWhatEveryPodRefusesOnce() {
    refuses("a", "there is no pipeline 'x'");
    refuses("b", "there is no pipeline 'x'");

    assertThatThrownBy(() -> fanOut.ask(there, "replay", json("{'pipeline':'x'}")))
        .hasMessage("there is no pipeline 'x'");
  }

  @Test
  void shouldSayWhichPodALetterIsOfAndShowItFromThatOneAlone() throws Exception {
    answers("a", "{'letters':[{'id':'p@1','buried':'2026-01-02'}],'all':{'letters':1}}");
    answers("b", "{'letters':[{'id':'p@1','buried':'2026-01-01'}],'all':{'letters':1}}");

    JsonNode whole = fanOut.ask(there, "dead-letters-ls", json("{'pipeline':'p','limit':1}"));

    assertThat(whole.path("letters").findValuesAsText("pod")).containsExactly("b");
    assertThat(whole.path("all").path("letters").asInt()).isEqualTo(2);
    assertThatThrownBy(() -> fanOut.ask(there, "dead-letters-show", json("{'id':'p@1'}")))
        .hasMessageContaining("--pod");
    given.clear();
    var _ = fanOut.ask(there, "dead-letters-show", json("{'id':'p@1','pod':'b'}"));
    assertThat(given).containsExactly("b dead-letters-show {\"id\":\"p@1\"}");
  }

  @Test
  void shouldFollowTheReplayOfEachPodByItsOwnNumber() throws Exception {
    answers("a", "{'replay':3,'what':'x','state':'running','records':10,'note':''}");
    answers("b", "{'replay':8,'what':'x','state':'done','records':4,'note':''}");
    JsonNode begun = fanOut.ask(there, "replay", json("{'pipeline':'p'}"));
    assertThat(begun.path("replay")).isEqualTo(json("{'a':3,'b':8}"));
    assertThat(begun.path("records").asInt()).isEqualTo(14);
    assertThat(begun.path("ended").asBoolean()).isFalse();

    answers.put(
        "a",
        new PodAnswer.Done(
            "a",
            json("{'replay':3,'state':'done','records':12,'leftOut':1,'reasons':['too old']}")));
    given.clear();
    ObjectNode request = json("{}");
    request.set("replay", begun.path("replay"));
    JsonNode end = fanOut.ask(there, "replay-progress", request);

    assertThat(given)
        .containsExactly("a replay-progress {\"replay\":3}", "b replay-progress {\"replay\":8}");
    assertThat(end.path("state").asText()).isEqualTo("done");
    assertThat(end.path("ended").asBoolean()).isTrue();
    assertThat(end.path("records").asInt()).isEqualTo(16);
    assertThat(end.path("reasons").path(0).asText()).isEqualTo("a: too old");
  }

  @Test
  void shouldNotCallAReplayDoneWhosePodHasForgottenIt() throws Exception {
    answers("a", "{'replay':3,'what':'x','state':'done','records':10}");
    refuses("b", "there is no replay 8 (any more)");
    ObjectNode request = json("{'replay':{'a':3,'b':8}}");

    JsonNode end = fanOut.ask(there, "replay-progress", request);

    assertThat(end.path("state").asText()).isEqualTo("failed");
    assertThat(end.path("note").asText()).isEqualTo("b: there is no replay 8 (any more)");
  }
}

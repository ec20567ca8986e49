/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.journal.deadletters.DeadLetter;
import io.caravan.journal.deadletters.DeadLetterCounts;
import io.caravan.journal.deadletters.DeadLetterHeader;
import io.caravan.journal.deadletters.DeadLetterId;
import io.caravan.journal.deadletters.DeadLetterPage;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.observe.ControlCommand;
import io.caravan.observe.ControlRefusedException;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What a running process answers of its dead letters. Thread-safe. */
final class DeadLetterControl {
  static final String LIST = "dead-letters-ls";
  static final String SHOW = "dead-letters-show";
  static final String PURGE = "dead-letters-purge";
  private static final int MOST = 10_000;

  private final DeadLetters letters;
  private final Supplier<Set<String>> pipelines;

  /**
   * @param pipelines those that there are, whether they have letters or not
   */
  DeadLetterControl(DeadLetters letters, Supplier<Set<String>> pipelines) {
    this.letters = letters;
    this.pipelines = pipelines;
  }

  Map<String, ControlCommand> commands() {
    return Map.of(LIST, this::list, SHOW, this::show, PURGE, this::purge);
  }

  private JsonNode list(JsonNode request) throws IOException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (!request.hasNonNull("pipeline")) {
      letters
          .counts()
          .forEach(
              (pipeline, counts) ->
                  put(answer.withArray("pipelines").addObject().put("pipeline", pipeline), counts));
      return answer;
    }
    String pipeline = pipeline(request);
    int most = Math.clamp(request.path("limit").asInt(MOST), 1, MOST);
    DeadLetterPage page = letters.list(pipeline, most);
    page.letters()
        .forEach(
            letter ->
                put(
                        answer.withArray("letters").addObject().put("id", letter.id().toString()),
                        letter.header())
                    .put("bytes", letter.bytes()));
    put(answer.putObject("all"), letters.counts(pipeline));
    return answer;
  }

  private JsonNode show(JsonNode request) throws IOException {
    String id = request.path("id").asText();
    DeadLetterId parsed =
        DeadLetterId.parse(id)
            .orElseThrow(
                () ->
                    new ControlRefusedException(
                        "'%s' is no id of a dead letter; 'caravan dead-letters ls PIPELINE' lists them"
                            .formatted(id)));
    DeadLetter letter =
        letters
            .read(parsed)
            .orElseThrow(
                () ->
                    new ControlRefusedException(
                        "there is no dead letter %s (any more); 'caravan dead-letters ls %s' lists what there is"
                            .formatted(id, parsed.pipeline())));
    try {
      ObjectNode answer = JsonNodeFactory.instance.objectNode().put("id", id);
      return put(answer, letter.header())
          .put("bytes", letter.payload().readableBytes())
          .put("payload", ByteBufUtil.getBytes(letter.payload()));
    } finally {
      letter.payload().release();
    }
  }

  private JsonNode purge(JsonNode request) throws IOException {
    return put(JsonNodeFactory.instance.objectNode(), letters.purge(pipeline(request)));
  }

  /** The pipeline that a request names: one that there is, or one that is gone and has letters. */
  private String pipeline(JsonNode request) throws ControlRefusedException {
    String pipeline = request.path("pipeline").asText();
    Set<String> known = new TreeSet<>(pipelines.get());
    known.addAll(letters.counts().keySet());
    if (!known.contains(pipeline)) {
      throw new ControlRefusedException(
          "there is no pipeline '%s'; there %s"
              .formatted(
                  pipeline, known.isEmpty() ? "is none" : "are: " + String.join(", ", known)));
    }
    return pipeline;
  }

  private static ObjectNode put(ObjectNode to, DeadLetterCounts counts) {
    return to.put("letters", counts.letters())
        .put("records", counts.records())
        .put("bytes", counts.bytes());
  }

  private static ObjectNode put(ObjectNode to, DeadLetterHeader header) {
    return to.put("reason", header.reason())
        .put("code", header.code())
        .put("message", header.message())
        .put("accepted", header.accepted().toString())
        .put("buried", header.buried().toString())
        .put("records", header.records());
  }
}

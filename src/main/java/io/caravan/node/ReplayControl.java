/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.journal.deadletters.DeadLetterId;
import io.caravan.observe.ControlCommand;
import io.caravan.observe.ControlRefusedException;
import io.caravan.signal.Attendance;
import io.caravan.signal.ReplayProgress;
import io.caravan.signal.ReplayRefusedException;
import io.caravan.signal.ReplayWindow;
import io.caravan.signal.Replays;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a running process answers of replays. Thread-safe.
 *
 * <p>A request that begins one is answered with its progress, as is each that asks for it or stops
 * it: {@code replay} (its number), {@code what}, {@code about}, {@code state}, {@code note}, {@code
 * found} where it is known, {@code batches}, {@code records}, {@code bytes}, {@code leftOut},
 * {@code reasons}, and {@code ended}. With a {@code key} a replay begins once: who begins it again
 * asks how far it is. {@code unattendedSeconds} says after which time without a question it stops,
 * 10 if it is not there.
 */
public final class ReplayControl {
  /** Begins to send dead letters again: {@code pipeline}, and {@code ids} if not all. */
  public static final String DEAD_LETTERS = "dead-letters-replay";

  /**
   * Begins to send what was delivered again: {@code pipeline}, and perhaps {@code to}, {@code from}
   * and {@code until} (RFC 3339), {@code namespace}, and {@code rate} (records a second).
   */
  public static final String RETAINED = "replay";

  /** How far it is: {@code replay}. */
  public static final String PROGRESS = "replay-progress";

  /** Ends it: {@code replay}. */
  public static final String STOP = "replay-stop";

  private final Replays replays;

  ReplayControl(Replays replays) {
    this.replays = replays;
  }

  /** By name. */
  public Map<String, ControlCommand> commands() {
    return Map.of(
        DEAD_LETTERS,
        this::deadLetters,
        RETAINED,
        this::retained,
        PROGRESS,
        this::progress,
        STOP,
        this::stop);
  }

  private JsonNode deadLetters(JsonNode request) throws ControlRefusedException {
    List<DeadLetterId> some = new ArrayList<>();
    for (JsonNode id : request.path("ids")) {
      some.add(
          DeadLetterId.parse(id.asText())
              .orElseThrow(
                  () ->
                      new ControlRefusedException(
                          "'%s' is no id of a dead letter; 'caravan dead-letters ls PIPELINE' lists them"
                              .formatted(id.asText()))));
    }
    try {
      return begun(
          replays.deadLetters(request.path("pipeline").asText(), some, attendance(request)));
    } catch (ReplayRefusedException e) {
      throw new ControlRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private JsonNode retained(JsonNode request) throws ControlRefusedException {
    String pipeline = request.path("pipeline").asText();
    int rate = request.path("rate").asInt();
    ReplayWindow window =
        new ReplayWindow(
            time(request, "from"),
            time(request, "until"),
            Optional.ofNullable(request.path("namespace").textValue()));
    try {
      return begun(
          replays.retained(
              pipeline,
              request.path("to").asText(pipeline),
              window,
              rate < 1 ? OptionalInt.empty() : OptionalInt.of(rate),
              attendance(request)));
    } catch (ReplayRefusedException e) {
      throw new ControlRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private static Attendance attendance(JsonNode request) {
    String key = request.path("key").asText();
    int seconds = request.path("unattendedSeconds").asInt();
    return new Attendance(
        key, seconds < 1 ? Attendance.OF_A_COMMAND.patience() : Duration.ofSeconds(seconds));
  }

  private static Optional<Instant> time(JsonNode request, String field)
      throws ControlRefusedException {
    String text = request.path(field).textValue();
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw new ControlRefusedException("%s: '%s' is no time of RFC 3339".formatted(field, text));
    }
  }

  private JsonNode begun(long replay) throws ControlRefusedException {
    return json(replays.progress(replay), replay);
  }

  private JsonNode progress(JsonNode request) throws ControlRefusedException {
    long replay = request.path("replay").asLong();
    return json(replays.progress(replay), replay);
  }

  private JsonNode stop(JsonNode request) throws ControlRefusedException, InterruptedException {
    long replay = request.path("replay").asLong();
    return json(replays.stop(replay), replay);
  }

  private static JsonNode json(Optional<ReplayProgress> found, long replay)
      throws ControlRefusedException {
    ReplayProgress progress =
        found.orElseThrow(
            () ->
                new ControlRefusedException("there is no replay %d (any more)".formatted(replay)));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("replay", progress.id())
        .put("what", progress.what())
        .put("about", progress.about())
        .put("state", progress.state().name().toLowerCase(Locale.ROOT))
        .put("ended", progress.state().ended())
        .put("note", progress.note())
        .put("batches", progress.batches())
        .put("records", progress.records())
        .put("bytes", progress.bytes())
        .put("leftOut", progress.leftOut());
    progress.found().ifPresent(records -> json.put("found", records));
    ArrayNode reasons = json.putArray("reasons");
    progress.reasons().forEach(reasons::add);
    return json;
  }
}

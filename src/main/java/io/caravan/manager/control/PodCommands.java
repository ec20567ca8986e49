/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.manager.probe.AskedPod;
import io.caravan.manager.probe.PodClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Gives commands to pods: {@code POST /control/<command>}, with their token. Thread-safe. */
final class PodCommands implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** A replay that is stopped waits 5 s for what is on its way. */
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  /** Ten thousand dead letters; a pod must not fill the manager's memory. */
  private static final long LONGEST = 8L << 20;

  private final Supplier<String> token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(CONNECT)
          .build();

  /**
   * Gives none yet.
   *
   * @param token is asked at each command
   */
  PodCommands(Supplier<String> token) {
    this.token = token;
  }

  /** Never fails: what goes wrong is the answer. */
  CompletableFuture<PodAnswer> give(AskedPod pod, String command, JsonNode arguments) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://%s/control/%s".formatted(pod.authority(), command)))
            .header("Authorization", "Bearer " + token.get())
            .header("Content-Type", "application/json")
            .timeout(TIMEOUT)
            .POST(BodyPublishers.ofString(arguments.toString()))
            .build();
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST));
    // The request's own timeout ends with the head of the answer.
    return sent.thenApply(answer -> read(pod.name(), answer))
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> sent.cancel(true))
        .exceptionally(
            failure ->
                new PodAnswer.Silent(
                    pod.name(),
                    failure instanceof TimeoutException
                        ? "it does not answer within %d s".formatted(TIMEOUT.toSeconds())
                        : PodClient.why(failure)));
  }

  private static PodAnswer read(String pod, HttpResponse<byte[]> answer) {
    if (answer.statusCode() == 401) {
      return new PodAnswer.Silent(pod, "it does not know the manager's token (yet)");
    }
    try {
      JsonNode tree = JSON.readTree(answer.body());
      if (tree.path("ok").asBoolean()) {
        return new PodAnswer.Done(pod, tree.path("result"));
      }
      return tree.hasNonNull("error")
          ? new PodAnswer.Refused(pod, tree.path("error").asText())
          : new PodAnswer.Silent(pod, "it answers HTTP " + answer.statusCode());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks pods for their reports over HTTP, with the token that they expect. Two threads for all
 * answers. Thread-safe.
 */
public final class PodClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Several times what a thousand pipelines take; a pod must not fill the manager's memory. */
  private static final long LONGEST = 4L << 20;

  private final Supplier<String> token;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2, Thread.ofPlatform().daemon().name("pod-client-", 0).factory());
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(TIMEOUT)
          .executor(threads)
          .build();

  /** What a pod has answered; {@code flow} only if it was asked for. */
  record Answer(PodReport report, Optional<FlowSample> flow) {}

  /**
   * A client.
   *
   * @param token is asked at each request, since tokens change
   */
  public PodClient(Supplier<String> token) {
    this.token = token;
  }

  /** Fails if any of the answers is not there in two seconds, or cannot be read. */
  CompletableFuture<Answer> ask(AskedPod pod, boolean flow) {
    CompletableFuture<PodReport> plan =
        get(pod, "/plan").thenApply(body -> parsed(body, PodReport::parse));
    return flow
        ? plan.thenCompose(
            report ->
                get(pod, "/flow")
                    .thenApply(body -> parsed(body, FlowSample::parse))
                    .thenApply(sample -> new Answer(report, Optional.of(sample))))
        : plan.thenApply(report -> new Answer(report, Optional.empty()));
  }

  private interface Parser<T> {
    T parse(byte[] body) throws UnreadableReportException;
  }

  private static <T> T parsed(byte[] body, Parser<T> parser) {
    try {
      return parser.parse(body);
    } catch (UnreadableReportException e) {
      throw new CompletionException(e);
    }
  }

  private CompletableFuture<byte[]> get(AskedPod pod, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://%s%s".formatted(pod.authority(), path)))
            .header("Authorization", "Bearer " + token.get())
            .timeout(TIMEOUT)
            .GET()
            .build();
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST));
    // The request's own timeout ends with the head of the answer.
    CompletableFuture.delayedExecutor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS, threads)
        .execute(() -> sent.cancel(true));
    return sent.thenApply(
        response -> {
          if (response.statusCode() != 200) {
            throw new CompletionException(
                new UnreadableReportException(
                    "it answers %s with HTTP %d%s"
                        .formatted(
                            path,
                            response.statusCode(),
                            response.statusCode() == 401
                                ? ": it does not know the manager's token (yet)"
                                : "")));
          }
          return response.body();
        });
  }

  /** Why there was no answer, for people. */
  public static String why(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case UnreadableReportException e -> String.valueOf(e.getMessage());
      case HttpTimeoutException _ -> TOO_LATE;
      case CancellationException _ -> TOO_LATE;
      case ConnectException _ -> "it cannot be reached: the connection was refused or has no way";
      case IOException e -> "it does not answer: " + e;
      default -> "it cannot be asked: " + cause;
    };
  }

  private static final String TOO_LATE =
      "it does not answer within %d s".formatted(TIMEOUT.toSeconds());

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}

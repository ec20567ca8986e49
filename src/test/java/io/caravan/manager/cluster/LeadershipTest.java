/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The lease")
class LeadershipTest {
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicBoolean stalls = new AtomicBoolean();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private HttpServer server = stopped();
  private volatile String lease = "";

  @BeforeEach
  void start() {
    server.setExecutor(executor);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    executor.shutdownNow();
  }

  @Test
  void shouldBeRenewedInTimeThoughARequestIsNeverAnswered() {
    AtomicBoolean lost = new AtomicBoolean();
    CountDownLatch leads = new CountDownLatch(1);
    try (KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(
                    new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .build())
                .build();
        Leadership _ =
            Leadership.stand(
                client, "kyma-system", "lease", "a", leads::countDown, () -> lost.set(true))) {
      await().atMost(Duration.ofSeconds(20)).until(() -> leads.getCount() == 0);

      stalls.set(true);
      await().atMost(Duration.ofSeconds(20)).until(() -> !stalls.get());
      int before = reads.get();

      // The default for a request is ten seconds, which is all the time that a renewal has.
      await().atMost(Duration.ofSeconds(8)).until(() -> reads.get() > before);
      assertThat(lost).isFalse();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    boolean reading = exchange.getRequestMethod().equals("GET");
    if (reading) {
      reads.incrementAndGet();
      if (stalls.getAndSet(false)) {
        try {
          end.await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
        return;
      }
    } else {
      lease = new String(body, UTF_8);
    }
    byte[] answer = lease.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(
        lease.isEmpty() ? 404 : 200, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static HttpServer stopped() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

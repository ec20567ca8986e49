/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Code;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may send, over both protocols. */
@ExtendWith(NoLeaks.class)
@ResourceLock(ServerLog.LOCK)
class AccessTest {
  private static final String TOKEN = "aG9sYQ.very-long~token";

  @TempDir private Path folder;

  private final Receiving receiving = new Receiving();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final ServerLog log = new ServerLog();
  private Path tokens;
  private Path users;
  private OtlpServer server;

  @BeforeEach
  void start() throws Exception {
    tokens = Files.writeString(folder.resolve("tokens"), "# ours\n\nother\n" + TOKEN + "\n");
    users =
        Files.writeString(
            folder.resolve("users"),
            "ann:plain:with colon\nbob:{SHA256}XohImNooBHFR0OVvjcYpJ3NgPQ1qq73WKhHvch0VQtg=\nche:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n");
    server =
        OtlpServer.start(
            new ServerSettings("127.0.0.1", 0, 0, 1 << 20)
                .withCredentials(new CredentialFiles(Optional.of(tokens), Optional.of(users))),
            new MemoryBudget(1 << 20),
            receiving,
            (Protocol protocol, GrpcCode code) -> refused.add(protocol + " " + code));
  }

  @AfterEach
  void stop() {
    server.close();
    log.close();
  }

  private void sendGrpc(Optional<String> authorization) throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.grpcPort(), InsecureChannelCredentials.create())
            .build();
    try {
      Metadata headers = new Metadata();
      authorization.ifPresent(
          value ->
              headers.put(
                  Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), value));
      TraceServiceGrpc.newBlockingStub(channel)
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
          .withDeadlineAfter(10, TimeUnit.SECONDS)
          .export(Telemetry.spans(10));
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private HttpResponse<byte[]> sendHttp(HttpClient.Version version, Optional<String> authorization)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/v1/traces"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(Telemetry.spans(10).toByteArray()));
    authorization.ifPresent(value -> request.header("Authorization", value));
    try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    }
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer other", "bearer " + TOKEN})
  void g15ShouldTakeTheRequestsOfThoseWithAToken(String authorization) throws Exception {
    sendGrpc(Optional.of(authorization));
    assertThat(sendHttp(HttpClient.Version.HTTP_1_1, Optional.of(authorization)).statusCode())
        .isEqualTo(200);

    assertThat(receiving.received()).hasSize(2);
    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann:plain:with colon", "bob:password", "che:password"})
  void g15ShouldTakeTheRequestsOfThoseWithAPassword(String pair) throws Exception {
    sendGrpc(Optional.of(basic(pair)));
    assertThat(sendHttp(HttpClient.Version.HTTP_1_1, Optional.of(basic(pair))).statusCode())
        .isEqualTo(200);

    assertThat(receiving.received()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer # ours",
        "Bearer " + TOKEN + "x",
        "Basic !!!",
        "Basic YW5u",
        "Digest other",
        "other"
      })
  void g15ShouldRefuseTheRequestsOfAllOthers(String authorization) throws Exception {
    assertThatThrownBy(() -> sendGrpc(Optional.of(authorization)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED))
        .hasMessageNotContaining("very-long");
    assertThat(sendHttp(HttpClient.Version.HTTP_1_1, Optional.of(authorization)).statusCode())
        .isEqualTo(401);

    assertThat(receiving.received()).isEmpty();
    assertThat(refused).containsExactlyInAnyOrder("GRPC UNAUTHENTICATED", "HTTP UNAUTHENTICATED");
  }

  @Test
  void g15ShouldRefuseUnknownUsersAndWrongPasswords() throws Exception {
    for (String pair : List.of("ann:", "ann:other", "dan:", "dan:password", ":password")) {
      assertThat(sendHttp(HttpClient.Version.HTTP_1_1, Optional.of(basic(pair))).statusCode())
          .isEqualTo(401);
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void shouldSayOverHttpWhichSchemesItTakes(HttpClient.Version version) throws Exception {
    HttpResponse<byte[]> response = sendHttp(version, Optional.empty());

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"otlp\", Basic realm=\"otlp\", charset=\"UTF-8\"");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/x-protobuf");
    com.google.rpc.Status status = com.google.rpc.Status.parseFrom(response.body());
    assertThat(status.getCode()).isEqualTo(Code.UNAUTHENTICATED_VALUE);
    assertThat(status.getMessage()).contains("no credentials");
  }

  @Test
  void shouldRefuseByTheHeadAlone() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
                  .getBytes(UTF_8));

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void shouldTakeANewTokenAndRefuseTheOldOneWhenTheFileChanges() throws Exception {
    Files.writeString(tokens, "renewed\n");

    await()
        .until(
            () ->
                sendHttp(HttpClient.Version.HTTP_1_1, Optional.of("Bearer renewed")).statusCode()
                    == 200);

    assertThat(sendHttp(HttpClient.Version.HTTP_1_1, Optional.of("Bearer other")).statusCode())
        .isEqualTo(401);
    assertThat(
            sendHttp(HttpClient.Version.HTTP_1_1, Optional.of(basic("bob:password"))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void shouldKeepTheUsersAndNameTheLineThatIsNoUserAndPassword() throws Exception {
    Files.writeString(users, "eve:fine\nnonsense\n");

    await().until(() -> !log.lines("line 2 is not user:password").isEmpty());

    assertThat(log.lines("nonsense")).isEmpty();
    assertThat(
            sendHttp(HttpClient.Version.HTTP_1_1, Optional.of(basic("bob:password"))).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$2y$05$abcdefghijklmnopqrstuv", "$apr1$salt$hash", "{SHA256}abc", "{SHA}?"})
  void shouldSayAtStartThatItDoesNotTakeSuchAPassword(String password) throws Exception {
    Path file = Files.writeString(folder.resolve("htpasswd"), "eve:" + password + "\n");

    assertThatThrownBy(
            () ->
                OtlpServer.check(
                    new ServerSettings("127.0.0.1", 0, 0, 1)
                        .withCredentials(new CredentialFiles(Optional.empty(), Optional.of(file)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("htpasswd")
        .hasMessageContaining("line 1")
        .hasMessageNotContaining(password);
  }
}

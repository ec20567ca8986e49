/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.Manifests;
import io.caravan.otlp.TestPki;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.bouncycastle.operator.OperatorCreationException;

/** What a pipeline can suffer from, its backend's fault or its own. */
enum Ailment {
  REFUSED_CONNECTIONS(backend -> backend.network(Gate.State.SHUT)),
  RESET_CONNECTIONS(backend -> backend.network(Gate.State.RESETTING)),
  BLACK_HOLE(backend -> backend.network(Gate.State.SILENT)),
  UNAVAILABLE(backend -> backend.behave(Behaviour.answering(Status.Code.UNAVAILABLE))),
  THROTTLING(backend -> backend.behave(Behaviour.throttling(Duration.ofSeconds(5)))),
  REFUSED_FOR_GOOD(backend -> backend.behave(Behaviour.answering(Status.Code.INVALID_ARGUMENT))),
  ANSWER_IN_30_SECONDS(backend -> backend.behave(Behaviour.answeringAfter(Duration.ofSeconds(30)))),
  NO_ANSWER(backend -> backend.behave(Behaviour.silent())),
  EXPIRED_CERTIFICATE(_ -> {}),
  THROWING_KAMELET(_ -> {}),
  NEVER_ENDING_KAMELET(_ -> {}),
  CONNECTIONS_WITHOUT_END(backend -> backend.network(Gate.State.SILENT)),
  DISK_ERROR(_ -> {}),
  FULL_JOURNAL(backend -> backend.network(Gate.State.SHUT));

  /** Their Kamelets, as a file. */
  static final String KAMELETS =
      kamelet(
              "throwing-sink",
              """
              - throwException:
                  exceptionType: java.lang.IllegalStateException
                  message: thrown on each batch
              """)
          + "---\n"
          + kamelet(
              "never-ending-sink",
              """
              - delay:
                  expression:
                    constant: "3600000"
                  asyncDelayed: true
              """)
          + "---\n"
          + kamelet(
              "disk-error-sink",
              """
              - marshal:
                  custom:
                    ref: otlp-json
              - to: "file:/dev?fileName=full&fileExist=Append"
              """)
          + "---\n"
          + kamelet(
              "leaking-sink",
              """
              - removeHeaders:
                  pattern: "*"
              - marshal:
                  custom:
                    ref: otlp-json
              - to: "{{url}}?responseTimeout=3600000&soTimeout=3600000&connectionsPerRoute=1000000"
              """);

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Consumer<ScriptedBackend> affect;

  Ailment(Consumer<ScriptedBackend> affect) {
    this.affect = affect;
  }

  /** Each has a name of its own, since an attempt that hangs holds up what its lane gets next. */
  String patientName() {
    return "patient-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A pipeline that suffers from it. */
  Patient patient() {
    return switch (this) {
      case EXPIRED_CERTIFICATE -> expired();
      case THROWING_KAMELET -> patient(ScriptedBackend.grpc(), "kamelet:\n  name: throwing-sink\n");
      case NEVER_ENDING_KAMELET ->
          patient(ScriptedBackend.grpc(), "kamelet:\n  name: never-ending-sink\n");
      case CONNECTIONS_WITHOUT_END -> {
        // One for each attempt: the sink closes none, and gets no answer on any.
        ScriptedBackend backend = ScriptedBackend.http();
        affect.accept(backend);
        yield patient(backend, Manifests.kamelet("leaking-sink", "url", backend.endpoint()));
      }
      case DISK_ERROR -> patient(ScriptedBackend.grpc(), "kamelet:\n  name: disk-error-sink\n");
      case FULL_JOURNAL -> {
        Patient patient = usual();
        yield new Patient(
            this,
            patient.manifest().replace("onDelete", "buffer: {size: 64Ki}, onDelete"),
            patient.backend());
      }
      default -> usual();
    };
  }

  private Patient usual() {
    ScriptedBackend backend = ScriptedBackend.grpc();
    affect.accept(backend);
    return patient(backend, Manifests.otlp("grpc", "none", backend.endpoint()));
  }

  /**
   * A pipeline and its backend.
   *
   * @param ailment what it suffers from
   * @param manifest of a TracePipeline
   */
  record Patient(Ailment ailment, String manifest, ScriptedBackend backend)
      implements AutoCloseable {

    /** Fails if its backend has taken anything, or was not even tried where that can be seen. */
    void assertThatItSuffered() {
      assertThat(backend.arrivals().numbers().size()).as("delivered by the patient").isZero();
      switch (ailment) {
        case REFUSED_CONNECTIONS,
            FULL_JOURNAL,
            THROWING_KAMELET,
            NEVER_ENDING_KAMELET,
            DISK_ERROR -> {}
        case CONNECTIONS_WITHOUT_END ->
            assertThat(backend.connections()).as("connections").isBetween(1L, 64L);
        case RESET_CONNECTIONS, BLACK_HOLE, EXPIRED_CERTIFICATE ->
            assertThat(backend.connections()).as("connections").isPositive();
        case UNAVAILABLE, THROTTLING, REFUSED_FOR_GOOD, ANSWER_IN_30_SECONDS, NO_ANSWER ->
            assertThat(backend.requests()).as("requests").isPositive();
      }
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  private Patient patient(ScriptedBackend backend, String output) {
    String manifest = Manifests.pipeline("TracePipeline", patientName(), output);
    return new Patient(this, manifest + "  delivery: {onDelete: 0s}\n", backend);
  }

  private Patient expired() {
    try {
      TestPki pki = new TestPki();
      TestPki.Identity identity = pki.expired();
      ServerCredentials credentials =
          TlsServerCredentials.create(pem(identity.certificate()), pem(identity.pkcs8()));
      ScriptedBackend backend = ScriptedBackend.grpc(credentials);
      return patient(
          backend,
          """
          otlp:
            protocol: grpc
            endpoint:
              value: %s
            tls:
              ca:
                value: |
          %s"""
              .formatted(backend.endpoint(), pki.certificate().indent(8)));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteArrayInputStream pem(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String kamelet(String name, String steps) {
    return """
    apiVersion: camel.apache.org/v1
    kind: Kamelet
    metadata:
      name: %s
      labels:
        camel.apache.org/kamelet.type: sink
    spec:
      definition:
        title: Broken
        description: Breaks in its own way.
        type: object
        properties:
          url:
            title: URL
            type: string
            default: http://127.0.0.1:1
      template:
        from:
          uri: kamelet:source
          steps:
    %s"""
        .formatted(name, steps.indent(8));
  }
}

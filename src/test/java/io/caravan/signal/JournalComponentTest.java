/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route that somebody wrote by hand is told; those that are generated run elsewhere. */
class JournalComponentTest {
  private final DefaultCamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() {
    context.start();
  }

  @AfterEach
  void stop() throws IOException {
    context.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"journal:demo", "journal:pipeline/demo", "journal:/demo"})
  void shouldSayWhatAPipelineIsCalled(String uri) {
    assertThatThrownBy(() -> context.getEndpoint(uri))
        .rootCause()
        .hasMessage(uri + ": expected kind and name, journal:tracepipeline/demo");
  }

  @Test
  void shouldSayThatAConsumerNeedsADigest() {
    Endpoint endpoint = context.getEndpoint("journal:tracepipeline/demo");

    assertThatThrownBy(() -> endpoint.createConsumer(_ -> {}))
        .hasMessage("journal://tracepipeline/demo: a consumer needs a digest");
  }

  @Test
  void shouldSayWhereToWriteAndWhereToRead() {
    assertThatThrownBy(() -> context.getEndpoint("journal:tracepipeline/demo").createProducer())
        .hasMessageContaining("goes to signal:<signal>");
    assertThatThrownBy(() -> context.getEndpoint("signal:traces").createConsumer(_ -> {}))
        .hasMessageContaining("begins with journal:<kind>/<name>");
  }
}

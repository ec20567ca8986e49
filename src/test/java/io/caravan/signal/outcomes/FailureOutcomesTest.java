/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.io.IOException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class FailureOutcomesTest {

  @Test
  void shouldNameTheFileAndWhatIsWrongWithIt() {
    Throwable full =
        new GenericFileOperationFailedException(
            "Cannot store file: /out/a.jsonl", new IOException("No space left on device"));

    assertThat(FailureOutcomes.of(full))
        .isEqualTo(
            new Outcome.RetryLater(
                OtlpStatus.of(
                    GrpcCode.UNAVAILABLE,
                    "Cannot store file: /out/a.jsonl: IOException: No space left on device"),
                null));
  }

  @Test
  void shouldNameTheErrorAndNotTheExchangeThatCamelWrapsItIn() throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      Throwable wrapped =
          new CamelExecutionException(
              "Exception occurred during execution",
              new DefaultExchange(context),
              new StackOverflowError("deep"));

      assertThat(FailureOutcomes.of(wrapped))
          .isEqualTo(
              new Outcome.Refused(OtlpStatus.of(GrpcCode.INTERNAL, "StackOverflowError: deep")));
    }
  }

  @Test
  void shouldTryAgainWhatThereWasNoMemoryFor() {
    assertThat(FailureOutcomes.of(new OutOfMemoryError("Java heap space")))
        .isInstanceOf(Outcome.RetryLater.class);
  }
}

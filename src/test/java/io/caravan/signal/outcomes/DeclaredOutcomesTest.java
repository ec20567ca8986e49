/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.OutcomeRule;
import io.caravan.api.OutcomeRule.Match;
import io.caravan.api.OutcomeRule.Meaning;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeclaredOutcomesTest {
  private static final Match IO = new Match.ExceptionClass("java.io.IOException");

  @Test
  void shouldTakeAnAnswerForWhatTheKameletSaysItIs() {
    List<OutcomeRule> rules = List.of(rule(new Match.HttpStatus(409, 409), Meaning.DELIVERED));

    assertThat(FailureOutcomes.of(rules, http(409, "", Map.of()))).isEqualTo(Outcome.Delivered.ALL);
    assertThat(FailureOutcomes.of(rules, http(400, "", Map.of())))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void shouldKnowAnExceptionByWhatItExtendsAndFindItAmongTheCauses() {
    List<OutcomeRule> rules = List.of(rule(IO, Meaning.MISCONFIGURED));
    Throwable deep =
        new IllegalStateException(
            "outer", new UncheckedIOException("mid", new FileNotFoundException("x.pem")));

    assertThat(FailureOutcomes.of(rules, deep))
        .isEqualTo(
            new Outcome.Misconfigured(
                OtlpStatus.of(GrpcCode.FAILED_PRECONDITION, "FileNotFoundException: x.pem")));
  }

  @Test
  void shouldAskTheFirstRuleThatMatchesAndTheOutermostException() {
    List<OutcomeRule> rules =
        List.of(
            new OutcomeRule(
                IO,
                Optional.of(Pattern.compile("(?i)too large")),
                Meaning.TOO_LARGE,
                Optional.empty(),
                Optional.empty()),
            rule(IO, Meaning.REFUSE),
            rule(new Match.ExceptionClass("java.lang.RuntimeException"), Meaning.RETRY));

    assertThat(FailureOutcomes.of(rules, new IOException("Too LARGE for us")))
        .isInstanceOf(Outcome.TooLarge.class);
    assertThat(FailureOutcomes.of(rules, new IOException((String) null)))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(FailureOutcomes.of(rules, new UncheckedIOException(new IOException("too large"))))
        .isInstanceOf(Outcome.RetryLater.class);
  }

  @Test
  void shouldWaitAsLongAsTheBackendSaysAndElseAsTheKameletDoes() {
    List<OutcomeRule> rules =
        List.of(
            new OutcomeRule(
                new Match.HttpStatus(400, 499),
                Optional.of(Pattern.compile("quota")),
                Meaning.RETRY,
                Optional.of(Duration.ofSeconds(30)),
                Optional.of("X-Wait")));

    assertThat(wait(FailureOutcomes.of(rules, http(400, "over quota", Map.of("x-wait", "7")))))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(wait(FailureOutcomes.of(rules, http(400, "over quota", Map.of("Retry-After", "7")))))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(FailureOutcomes.of(rules, http(400, "no such field", Map.of())))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void shouldNotRepeatAnAddressOrABodyToTheSender() {
    List<OutcomeRule> rules = List.of(rule(new Match.HttpStatus(400, 400), Meaning.REFUSE));

    assertThat(FailureOutcomes.of(rules, http(400, "secret", Map.of())).toString())
        .contains("HTTP 400")
        .doesNotContain("secret")
        .doesNotContain("backend.example");
  }

  @Test
  void shouldDecideAsEverWhereNoRuleIsAboutIt() {
    List<OutcomeRule> rules = List.of(rule(new Match.HttpStatus(409, 409), Meaning.DELIVERED));

    assertThat(FailureOutcomes.of(rules, new IOException("broken pipe")))
        .isEqualTo(FailureOutcomes.of(new IOException("broken pipe")));
  }

  private static OutcomeRule rule(Match match, Meaning meaning) {
    return new OutcomeRule(match, Optional.empty(), meaning, Optional.empty(), Optional.empty());
  }

  private static HttpOperationFailedException http(
      int status, String body, Map<String, String> headers) {
    return new HttpOperationFailedException(
        "https://backend.example/ingest", status, "status", null, headers, body);
  }

  private static @Nullable Duration wait(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.RetryLater.class);
    return ((Outcome.RetryLater) outcome).notBefore();
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.api.KameletSource;
import io.caravan.api.OutcomeRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeRulesTest {

  @Test
  void shouldReadTheRulesInTheirOrder() {
    String kamelet =
        annotated(
            """
            |
                  - {http: 409, outcome: delivered}
                  - {http: 500-599, outcome: retry, after: 10s, afterHeader: X-Wait}
                  - {exception: java.io.IOException, message: "a|b", outcome: too-large}
                  - {exception: com.example.Outer$Inner, outcome: refuse}
            """);

    assertThat(OutcomeRules.of(kamelet))
        .extracting(OutcomeRule::toString)
        .containsExactly(
            "http 409 -> delivered",
            "http 500-599 -> retry after 10s after header X-Wait",
            "exception java.io.IOException with 'a|b' -> too-large",
            "exception com.example.Outer$Inner -> refuse");
  }

  @Test
  void shouldReadNoneWhereNoneIsDeclared() {
    assertThat(OutcomeRules.of("kind: Kamelet\nmetadata:\n  name: x\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{http: 409, outcome: retyr} # rule 1: outcome 'retyr' is unknown; did you mean 'retry'?",
        "{http: 409} # outcome is missing; expected delivered, retry, refuse",
        "{http: 99, outcome: retry} # http is '99'; expected a status, 409, or a range, 500-599",
        "{http: 599-500, outcome: retry} # expected the lower status first",
        "{outcome: retry} # it has neither; expected one of exception and http",
        "{http: 409, exception: a.B, outcome: retry} # it has both",
        "{exception: IOException, outcome: retry} # a class with its package",
        "{http: 409, outcome: retry, messages: x} # 'messages' is unknown; did you mean 'message'?",
        "{http: 409, message: '(', outcome: retry} # message '(' is wrong",
        "{http: 409, outcome: retry, after: soon} # after is 'soon'; expected a duration",
        "{http: 409, outcome: refuse, after: 1s} # expected after only with 'retry'",
        "{exception: a.B, outcome: retry, afterHeader: X} # afterHeader stands beside exception",
        "{http: 409, outcome: retry, afterHeader: 'X Y'} # expected the name of a header",
        "409 # it is '409'; expected a mapping",
      })
  void shouldSayWhatIsWrongInARule(String rule, String problem) {
    assertThatThrownBy(() -> OutcomeRules.of(annotated("|\n      - " + rule)))
        .hasMessageStartingWith("metadata.annotations['caravan.io/outcomes']: rule 1: ")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{http: 409} # write 'caravan.io/outcomes: |' before the list",
        "\"http: 409\" # it must be a list",
        "\"[\" # it is not YAML",
      })
  void shouldSayWhatIsWrongWithTheWhole(String annotation, String problem) {
    assertThatThrownBy(() -> OutcomeRules.of(annotated(annotation))).hasMessageContaining(problem);
  }

  @Test
  void shouldRefuseTheKameletThatDeclaresNonsenseByItsName() {
    assertThatThrownBy(
            () ->
                KameletReader.read(
                    new KameletSource("odd-sink", annotated("|\n      - {http: 409}"))))
        .isInstanceOf(RejectedException.class)
        .hasMessageStartingWith(
            "Kamelet 'odd-sink' cannot be used: metadata.annotations['caravan.io/outcomes']: rule"
                + " 1: outcome is missing");
  }

  private static String annotated(String outcomes) {
    return """
    kind: Kamelet
    metadata:
      name: odd-sink
      annotations:
        caravan.io/outcomes: %s
    spec:
      template: {from: {uri: "kamelet:source"}}
    """
        .formatted(outcomes);
  }
}

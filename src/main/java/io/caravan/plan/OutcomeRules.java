/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.OutcomeRule;
import io.caravan.api.OutcomeRule.Match;
import io.caravan.api.OutcomeRule.Meaning;
import io.caravan.api.schema.DidYouMean;
import io.caravan.api.schema.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads what a Kamelet declares of the failures of its connector: the annotation {@code
 * caravan.io/outcomes}, a list in YAML (docs/connectors.md).
 */
public final class OutcomeRules {
  static final String ANNOTATION = "caravan.io/outcomes";

  private static final List<String> KEYS =
      List.of("exception", "http", "message", "outcome", "after", "afterHeader");
  private static final List<String> OUTCOMES =
      Stream.of(Meaning.values()).map(Meaning::toString).toList();
  private static final Pattern CLASS =
      Pattern.compile("(?:[A-Za-z_$][\\w$]*\\.)+[A-Za-z_$][\\w$]*");
  private static final Pattern STATUS = Pattern.compile("([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]+");

  private OutcomeRules() {}

  /**
   * The rules in the order in which they are asked; none where the Kamelet declares none.
   *
   * @param kamelet the resource, in YAML
   * @throws IllegalArgumentException that says which rule is wrong, and what was expected
   */
  public static List<OutcomeRule> of(String kamelet) {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(kamelet);
    return root instanceof Map<?, ?> resource
            && resource.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("annotations") instanceof Map<?, ?> annotations
            && annotations.get(ANNOTATION) != null
        ? rules(annotations.get(ANNOTATION))
        : List.of();
  }

  private static List<OutcomeRule> rules(@Nullable Object annotation) {
    if (!(annotation instanceof String text)) {
      // Kubernetes would refuse it: an annotation's value is a string.
      throw wrong("its value must be a text; write '%s: |' before the list".formatted(ANNOTATION));
    }
    Object list;
    try {
      list = new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw wrong("it is not YAML: " + String.valueOf(e.getMessage()).strip());
    }
    if (!(list instanceof List<?> entries)) {
      throw wrong("it must be a list, such as '- {http: 409, outcome: delivered}'");
    }
    List<OutcomeRule> rules = new ArrayList<>();
    for (Object entry : entries) {
      try {
        rules.add(rule(entry));
      } catch (IllegalArgumentException e) {
        throw wrong("rule %d: %s".formatted(rules.size() + 1, e.getMessage()));
      }
    }
    return List.copyOf(rules);
  }

  private static OutcomeRule rule(@Nullable Object entry) {
    if (!(entry instanceof Map<?, ?> fields)) {
      throw expected(
          "it is '%s'".formatted(entry), "a mapping with http or exception, and outcome");
    }
    for (Object key : fields.keySet()) {
      String name = String.valueOf(key);
      if (!KEYS.contains(name)) {
        throw expected(
            "'%s' is unknown%s".formatted(name, DidYouMean.hint(name, KEYS)),
            String.join(", ", KEYS));
      }
    }
    Meaning meaning = meaning(text(fields, "outcome"));
    Optional<Duration> after = text(fields, "after").map(OutcomeRules::wait);
    Optional<String> header = text(fields, "afterHeader").map(OutcomeRules::header);
    Match match = match(text(fields, "exception"), text(fields, "http"));
    if (meaning != Meaning.RETRY && (after.isPresent() || header.isPresent())) {
      throw expected("it waits with the outcome '" + meaning + "'", "after only with 'retry'");
    }
    if (header.isPresent() && !(match instanceof Match.HttpStatus)) {
      throw expected("afterHeader stands beside exception", "it beside http, which has headers");
    }
    return new OutcomeRule(
        match, text(fields, "message").map(OutcomeRules::message), meaning, after, header);
  }

  private static Meaning meaning(Optional<String> word) {
    if (word.isEmpty()) {
      throw expected("outcome is missing", String.join(", ", OUTCOMES));
    }
    return Stream.of(Meaning.values())
        .filter(known -> known.toString().equals(word.get()))
        .findFirst()
        .orElseThrow(
            () ->
                expected(
                    "outcome '%s' is unknown%s"
                        .formatted(word.get(), DidYouMean.hint(word.get(), OUTCOMES)),
                    String.join(", ", OUTCOMES)));
  }

  private static Match match(Optional<String> exception, Optional<String> http) {
    if (exception.isPresent() == http.isPresent()) {
      throw expected(
          exception.isPresent() ? "it has both" : "it has neither", "one of exception and http");
    }
    return exception.isPresent() ? exception(exception.get()) : status(http.orElseThrow());
  }

  private static Match exception(String name) {
    if (!CLASS.matcher(name).matches()) {
      throw expected(
          "exception is '%s'".formatted(name), "a class with its package: java.io.IOException");
    }
    return new Match.ExceptionClass(name);
  }

  private static Match status(String text) {
    Matcher matcher = STATUS.matcher(text);
    if (!matcher.matches()) {
      throw expected("http is '%s'".formatted(text), "a status, 409, or a range, 500-599");
    }
    int from = Integer.parseInt(matcher.group(1));
    int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
    if (to < from) {
      throw expected("http is '%s'".formatted(text), "the lower status first");
    }
    return new Match.HttpStatus(from, to);
  }

  private static Pattern message(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw expected(
          "message '%s' is wrong: %s".formatted(text, e.getDescription()), "a regular expression");
    }
  }

  private static Duration wait(String text) {
    return GoDuration.parse(text)
        .filter(Duration::isPositive)
        .orElseThrow(() -> expected("after is '%s'".formatted(text), "a duration, such as 30s"));
  }

  private static String header(String name) {
    if (!HEADER.matcher(name).matches()) {
      throw expected("afterHeader is '%s'".formatted(name), "the name of a header");
    }
    return name;
  }

  private static Optional<String> text(Map<?, ?> fields, String key) {
    return Optional.ofNullable(fields.get(key)).map(String::valueOf);
  }

  private static IllegalArgumentException expected(String found, String wanted) {
    return new IllegalArgumentException(found + "; expected " + wanted);
  }

  private static IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(
        "metadata.annotations['%s']: %s".formatted(ANNOTATION, problem));
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Asks several pods, sixteen at once, so that one that is silent does not hold up the others. */
final class Abreast {
  private static final int AT_ONCE = 16;

  private Abreast() {}

  /**
   * All answers, in the order of the questions.
   *
   * @param ask the answer never fails
   */
  static <K, V> Map<K, PodAnswer> ask(
      Map<K, V> questions, BiFunction<K, V, CompletableFuture<PodAnswer>> ask) {
    Map<K, PodAnswer> answers = new LinkedHashMap<>();
    List<Map.Entry<K, V>> all = List.copyOf(questions.entrySet());
    for (int first = 0; first < all.size(); first += AT_ONCE) {
      Map<K, CompletableFuture<PodAnswer>> some = new LinkedHashMap<>();
      all.subList(first, Math.min(first + AT_ONCE, all.size()))
          .forEach(one -> some.put(one.getKey(), ask.apply(one.getKey(), one.getValue())));
      some.forEach((key, answer) -> answers.put(key, answer.join()));
    }
    return answers;
  }
}

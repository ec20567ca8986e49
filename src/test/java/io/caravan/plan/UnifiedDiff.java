/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The difference of two short texts as a patch that {@code git apply} takes. */
final class UnifiedDiff {
  private UnifiedDiff() {}

  static String of(String file, String before, String after) {
    List<String> left = before.lines().toList();
    List<String> right = after.lines().toList();
    return """
    --- a/%s
    +++ b/%s
    @@ -%d,%d +%d,%d @@
    %s\
    """
        .formatted(
            file,
            file,
            left.isEmpty() ? 0 : 1,
            left.size(),
            right.isEmpty() ? 0 : 1,
            right.size(),
            lines(left, right));
  }

  /** One hunk over the whole text, by the longest common subsequence. */
  private static String lines(List<String> left, List<String> right) {
    int[][] common = new int[left.size() + 1][right.size() + 1];
    for (int i = left.size() - 1; i >= 0; i--) {
      for (int j = right.size() - 1; j >= 0; j--) {
        common[i][j] =
            left.get(i).equals(right.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    Deque<String> lines = new ArrayDeque<>();
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
        lines.add(" " + left.get(i++));
        j++;
      } else if (i < left.size() && (j == right.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add("-" + left.get(i++));
      } else {
        lines.add("+" + right.get(j++));
      }
    }
    return String.join("\n", lines) + "\n";
  }
}

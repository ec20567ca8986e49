/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.FieldPath;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** YAML as Kubernetes reads it, and what is refused. */
final class YamlFileTest {

  @ParameterizedTest
  @MethodSource("scalars")
  void shouldTypeScalarsAsKubectlDoes(String yaml, String json) {
    assertThat(only(yaml).tree().toString()).isEqualTo(json);
  }

  private static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of(
            "{a: yes, b: Off, c: 'yes', d: y}",
            "{\"a\":true,\"b\":false,\"c\":\"yes\",\"d\":\"y\"}"),
        Arguments.of(
            "[1, -2, 0x1F, 0o17, 017, 08, 1_000, 0b11, +3]", "[1,-2,31,15,15,8.0,1000,3,3]"),
        Arguments.of("[1.5, 1e3, .5, 1., .inf]", "[1.5,1000.0,0.5,1.0,\".inf\"]"),
        Arguments.of("[~, null, '', !!str 5, ! 6, \"7\"]", "[null,null,\"\",\"5\",\"6\",\"7\"]"),
        Arguments.of(
            "[2001-01-01, 1.2.3, 99999999999999999999]",
            "[\"2001-01-01\",\"1.2.3\",99999999999999999999]"),
        Arguments.of("{1: a, true: b}", "{\"1\":\"a\",\"true\":\"b\"}"),
        Arguments.of(
            "{a: &x {b: 1}, c: *x, d: {<<: *x, e: 2}}",
            "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":{\"e\":2,\"b\":1}}"),
        Arguments.of("\uFEFFa: 1", "{\"a\":1}"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void shouldSayWhereAndWhyTextIsRefused(String yaml, int line, int column, String message) {
    YamlFile file = YamlFile.read(yaml);

    assertThat(file.errors()).hasSize(1);
    assertThat(file.errors().getFirst().place()).isEqualTo(new Place(line, column));
    assertThat(file.errors().getFirst()).hasMessageContaining(message);
  }

  private static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(
            "a: 1\nb: 2\na: 3\n",
            3,
            1,
            "the key 'a' stands here a second time; the first is in line 1"),
        Arguments.of("a:\n\tb: 1\n", 2, 1, "a tab stands here; YAML is indented with spaces only"),
        Arguments.of("ok: 1\n---\na: [1, 2\n", 4, 1, "not YAML"),
        Arguments.of("a: *b\n", 1, 4, "alias *b"),
        Arguments.of("a: &x [*x]\n", 1, 8, "alias *x"),
        Arguments.of("? [a]\n: b\n", 1, 3, "a key must be text"),
        Arguments.of("a: 1\n<<: 2\n", 2, 5, "<< merges a mapping"),
        Arguments.of("a: b\u0000c\n", 1, 5, "U+0000"),
        Arguments.of("[".repeat(200), 1, 102, "nested deeper than 100 levels"));
  }

  @Test
  void shouldRefuseAnAliasBombBeforeItGrows() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
    }

    assertThat(YamlFile.read(bomb.toString()).errors())
        .singleElement()
        .satisfies(
            error -> assertThat(error).hasMessageContaining("values with all aliases expanded"));
  }

  @Test
  void shouldReadTheOtherDocumentsWhereOneIsBroken() {
    YamlFile file = YamlFile.read("a: 1\n---\nb: [\n---\nc: 3\n");

    assertThat(file.documents())
        .extracting(document -> document.tree().toString())
        .containsExactly("{\"a\":1}", "{\"c\":3}");
    assertThat(file.errors()).hasSize(1);
  }

  @Test
  void shouldKnowThePlaceOfEveryField() {
    YamlDocument document = only("# comment\na:\n  b: x\n  c:\n  - d\n  - e: 1\n");

    assertThat(document.place(FieldPath.of("a", "b"))).isEqualTo(new Place(3, 6));
    assertThat(document.placeOfKey(FieldPath.of("a", "b"))).isEqualTo(new Place(3, 3));
    assertThat(document.place(FieldPath.of("a", "c"))).isEqualTo(new Place(4, 3));
    assertThat(document.place(FieldPath.of("a", "c").item(1).field("e")))
        .isEqualTo(new Place(6, 8));
    assertThat(document.place(FieldPath.of("a", "none", "deeper"))).isEqualTo(new Place(2, 1));
  }

  private static YamlDocument only(String yaml) {
    YamlFile file = YamlFile.read(yaml);
    assertThat(file.errors()).isEmpty();
    return file.documents().getFirst();
  }
}

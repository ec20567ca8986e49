/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class YamlScalarTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "demo",
        "tracepipeline/a.b",
        "https://backend:4317/x",
        "True",
        "no",
        "null",
        "5",
        "1e3",
        "-",
        "- a",
        "a: b",
        "a:",
        "a #b",
        "a'b",
        "say \"x\"",
        "back\\slash",
        "***",
        "{}",
        "two\nlines",
        "two\nlines\n",
        "two\n  lines\n",
        " two\nlines",
        "two\n\nlines\n\n",
        "tab\there",
        "line\r\nbreak",
        "päth",
        "\uD83D\uDC2A",
        "\u0000",
        "\u2028",
        "trailing ",
      })
  void shouldMeanTheSameToAYamlParser(String text) {
    assertThat(parse("x: " + YamlScalar.readable(text, 2) + "\n")).isEqualTo(text);
    assertThat(parse("x: " + YamlScalar.quoted(text))).isEqualTo(text);
  }

  private static @Nullable Object parse(String yaml) {
    Load load = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build());
    return ((Map<?, ?>) load.loadFromString(yaml)).get("x");
  }
}

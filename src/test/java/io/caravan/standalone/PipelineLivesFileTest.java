/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineLivesFileTest {
  @TempDir Path data;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|it does not say its format",
        "[]|it does not say its format",
        "{\"format\":2,\"pipelines\":[]}|its format is 2, and this version knows 1 only",
        "{\"format\":1,\"pipel|it is damaged: Unexpected end-of-input",
        "{\"format\":1,\"pipelines\":[{\"kind\":\"Cat\"}]}|an entry is damaged: kind is 'Cat'",
      })
  void shouldSayWhatIsWrongWithAFileThatItDidNotWrite(String content, String expected)
      throws IOException {
    Path file = data.resolve("pipelines.json");
    Files.writeString(file, content);

    assertThatThrownBy(() -> new PipelineLivesFile(file).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(expected)
        .hasMessageNotContaining("REDACTED");
  }

  @Test
  void shouldHaveNothingWhereNothingWasWritten() throws IOException {
    assertThat(new PipelineLivesFile(data.resolve("pipelines.json")).read()).isEmpty();
  }
}

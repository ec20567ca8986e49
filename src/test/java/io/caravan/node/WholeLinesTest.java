/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeLinesTest {
  private final WholeLines lines = new WholeLines();
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("spans.jsonl");
  }

  private Exchange exchange() {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.setProperty(WholeLines.DIRECTORY, folder.toString());
    exchange.getMessage().setHeader(Exchange.FILE_NAME, "spans.jsonl");
    return exchange;
  }

  @Test
  void shouldTakeBackWhatAFailedAppendLeft() throws Exception {
    Files.writeString(file, "one\n");
    Exchange exchange = exchange();

    lines.begin(exchange);
    Files.writeString(file, "one\ntor");
    exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IOException("No space left on device"));
    lines.end(exchange);

    assertThat(file).hasContent("one\n");
  }

  @Test
  void shouldKeepWhatAnAppendWrote() throws Exception {
    Exchange exchange = exchange();

    lines.begin(exchange);
    Files.writeString(file, "one\n");
    lines.end(exchange);

    assertThat(file).hasContent("one\n");
  }

  @Test
  void shouldEndATornLineBeforeTheNextBegins() throws Exception {
    Files.writeString(file, "tor");
    Exchange exchange = exchange();

    lines.begin(exchange);

    assertThat(Files.readString(file)).isEqualTo("tor\n");
    lines.end(exchange);
  }

  @Test
  void shouldLetOneAppendAtATime() throws Exception {
    Exchange first = exchange();
    Exchange second = exchange();
    lines.begin(first);
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    lines.begin(second);
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });

    assertThat(waiting.join(Duration.ofMillis(50))).as("went on").isFalse();
    lines.end(first);

    assertThat(waiting.join(Duration.ofSeconds(10))).as("went on").isTrue();
    lines.end(second);
  }

  @Test
  void shouldNotKeepItsTurnWhenTheFileCannotBeLookedAt() throws Exception {
    Files.createDirectory(file);
    assertThatThrownBy(() -> lines.begin(exchange())).isInstanceOf(IOException.class);
    Files.delete(file);

    Exchange next = exchange();
    lines.begin(next);
    lines.end(next);
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client sends before it has its answer. */
class OneAtATimeTest {
  private final OneAtATime order = new OneAtATime();
  private final EmbeddedChannel channel = new EmbeddedChannel(order);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void shouldDecodeNoRequestBeforeTheOneBeforeItIsAnswered() {
    // when
    channel.writeInbound(
        Unpooled.copiedBuffer("GET /0 HTTP/1.1\r\n\r\nGET /1 HTTP/1.1\r\n\r\nGET /2 HT", US_ASCII));

    // then
    assertThat(requests()).containsExactly("/0");
    assertThat(channel.config().isAutoRead()).isFalse();

    // when
    answered();

    // then
    assertThat(requests()).containsExactly("/1");
    assertThat(channel.config().isAutoRead()).isFalse();

    // when
    answered();

    // then: the third has not arrived wholly
    assertThat(requests()).isEmpty();
    assertThat(channel.config().isAutoRead()).isTrue();

    // when
    channel.writeInbound(Unpooled.copiedBuffer("TP/1.1\r\n\r\n", US_ASCII));

    // then
    assertThat(requests()).containsExactly("/2");
  }

  @Test
  void shouldDecodeNothingForAClientThatDoesNotReadItsAnswers() {
    // given
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);

    // when
    channel.writeInbound(Unpooled.copiedBuffer("GET /0 HTTP/1.1\r\n\r\n", US_ASCII));

    // then
    assertThat(requests()).isEmpty();
    assertThat(channel.config().isAutoRead()).isFalse();

    // when
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.runPendingTasks();

    // then
    assertThat(requests()).containsExactly("/0");
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void shouldReadOnAfterAnAnswerThatNothingWasHeldFor() {
    // when
    channel.writeInbound(Unpooled.copiedBuffer("GET /0 HTTP/1.1\r\n\r\n", US_ASCII));
    answered();
    channel.writeInbound(Unpooled.copiedBuffer("GET /1 HTTP/1.1\r\n\r\n", US_ASCII));

    // then
    assertThat(requests()).containsExactly("/0", "/1");
  }

  private void answered() {
    order.answered();
    channel.runPendingTasks();
  }

  private List<String> requests() {
    List<String> requests = new ArrayList<>();
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpRequest request) {
        requests.add(request.uri());
      }
      ReferenceCountUtil.release(message);
    }
    return requests;
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What is said about a dead letter.
 *
 * @param reason why nobody will try again, a word such as {@code refused} or {@code expired}
 * @param code the name of the last status, such as {@code INVALID_ARGUMENT}; may be empty; at most
 *     64 bytes of UTF-8, what is longer is cut
 * @param message what the backend said; may be empty; at most 1 KiB of UTF-8, what is longer is cut
 * @param accepted when its sender was told that it is taken; kept in milliseconds
 * @param buried when it was put aside; kept in milliseconds
 * @param origin the caller's own number for where it came from; kept as it is
 * @param signal the caller's own number for traces, metrics or logs; kept as it is
 * @param records in the payload
 */
public record DeadLetterHeader(
    String reason,
    String code,
    String message,
    Instant accepted,
    Instant buried,
    byte origin,
    byte signal,
    int records) {
  static final int MOST_BYTES_OF_WORDS = 64;
  static final int MOST_BYTES_OF_A_MESSAGE = 1 << 10;
  private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  public DeadLetterHeader {
    if (!REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException(
          "a reason has the form %s: '%s'".formatted(REASON, reason));
    }
    code = cut(code, MOST_BYTES_OF_WORDS);
    message = cut(message, MOST_BYTES_OF_A_MESSAGE);
  }

  /** The longest part from the begin that takes no more bytes, without half a character. */
  private static String cut(String text, int most) {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length <= most) {
      return text;
    }
    int end = most;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, UTF_8);
  }
}

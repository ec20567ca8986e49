/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM text (RFC 7468). Blocks whose content is not base64, which is also the form of
 * keys that are encrypted in OpenSSL's older manner, are passed over as OpenSSL and Go do.
 *
 * @param label {@code CERTIFICATE}, {@code PRIVATE KEY} and the like
 * @param base64 the content without white space; it can be decoded
 */
record PemBlock(String label, String base64) {
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

  static PemBlock of(String label, byte[] der) {
    return new PemBlock(label, Base64.getEncoder().encodeToString(der));
  }

  static List<PemBlock> read(String text) {
    List<PemBlock> blocks = new ArrayList<>();
    Matcher begin = BEGIN.matcher(text);
    int from = 0;
    while (begin.find(from)) {
      String end = "-----END " + begin.group(1) + "-----";
      int endsAt = text.indexOf(end, begin.end());
      if (endsAt < 0) {
        from = begin.end();
        continue;
      }
      PemBlock block =
          new PemBlock(begin.group(1), text.substring(begin.end(), endsAt).replaceAll("\\s", ""));
      if (block.isDecodable()) {
        blocks.add(block);
      }
      from = endsAt + end.length();
    }
    return blocks;
  }

  byte[] der() {
    return Base64.getDecoder().decode(base64);
  }

  /** As PEM text with lines of 64 characters. */
  String text() {
    return "-----BEGIN "
        + label
        + "-----\n"
        + base64.replaceAll("(.{1,64})", "$1\n")
        + "-----END "
        + label
        + "-----\n";
  }

  /** Without the content, which may be a private key. */
  @Override
  public String toString() {
    return "PemBlock[" + label + "]";
  }

  private boolean isDecodable() {
    try {
      return der().length > 0;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}

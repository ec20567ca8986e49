/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the older forms of a private key into PKCS#8, the only one that the JDK reads: PKCS#1 for
 * RSA and SEC 1 for EC, as {@code openssl} wrote them for decades.
 */
public final class PrivateKeyPem {
  private static final Pattern OLD =
      Pattern.compile("-----BEGIN (RSA|EC) PRIVATE KEY-----([^-]+)-----END \\1 PRIVATE KEY-----");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int CURVE = 0xa0;
  private static final byte[] VERSION = HexFormat.of().parseHex("020100");
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private PrivateKeyPem() {}

  /** The key as PKCS#8; text that is not of the older forms is returned as it is. */
  public static String toPkcs8(String pem) {
    Matcher matcher = OLD.matcher(pem);
    if (!matcher.find()) {
      return pem;
    }
    byte[] key = Base64.getMimeDecoder().decode(matcher.group(2));
    byte[] algorithm = matcher.group(1).equals("RSA") ? RSA : der(SEQUENCE, concat(EC, curve(key)));
    byte[] wrapped = der(SEQUENCE, concat(VERSION, algorithm, der(OCTET_STRING, key)));
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(wrapped);
    return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
  }

  /** The identifier of the curve, which SEC 1 keeps in its field [0]. */
  private static byte[] curve(byte[] sec1) {
    int at = contentStart(sec1, 0);
    while (at < sec1.length) {
      int start = contentStart(sec1, at);
      int length = contentLength(sec1, at);
      if ((sec1[at] & 0xff) == CURVE) {
        return Arrays.copyOfRange(sec1, start, start + length);
      }
      at = start + length;
    }
    throw new IllegalArgumentException("the EC key names no curve");
  }

  private static int contentStart(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int contentLength(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      int octets = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
      out.write(0x80 | octets);
      for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
        out.write(content.length >> shift);
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}

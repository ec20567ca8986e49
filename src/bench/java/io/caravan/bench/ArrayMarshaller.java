/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Takes every message off the wire into an array of its own. */
final class ArrayMarshaller implements MethodDescriptor.Marshaller<byte[]> {

  @Override
  public byte[] parse(InputStream stream) {
    try {
      byte[] message = new byte[stream.available()];
      stream.readNBytes(message, 0, message.length);
      return message;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream stream(byte[] message) {
    return new KnownLengthArray(message);
  }

  private static final class KnownLengthArray extends ByteArrayInputStream
      implements io.grpc.KnownLength {
    KnownLengthArray(byte[] message) {
      super(message);
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.Detachable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Passes a message from a grpc-java server to a grpc-java client without an array for it. */
final class MessageMarshaller implements MethodDescriptor.Marshaller<Message> {

  @Override
  public Message parse(InputStream stream) {
    try {
      int length = stream.available();
      if (stream instanceof Detachable detachable && stream instanceof KnownLength) {
        return new Message(detachable.detach(), length);
      }
      byte[] copy = stream.readAllBytes();
      return new Message(new java.io.ByteArrayInputStream(copy), copy.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream stream(Message message) {
    return new MessageStream(message);
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a message in chunks through one array for each thread, which stays in the cache. */
final class MessageStream extends FilterInputStream implements Drainable, KnownLength {

  private static final FastThreadLocal<byte[]> CHUNK =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 << 10];
        }
      };

  MessageStream(Message message) {
    super(message.bytes());
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    byte[] chunk = CHUNK.get();
    int total = 0;
    for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
      target.write(chunk, 0, read);
      total += read;
    }
    in.close();
    return total;
  }
}

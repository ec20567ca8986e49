/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.grpc.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** grpc-java's view of a compression by another library, under any name. */
public record ReferenceCodec(String getMessageEncoding, Compression compression) implements Codec {

  @Override
  public OutputStream compress(OutputStream out) {
    return new ByteArrayOutputStream() {
      @Override
      public void close() throws IOException {
        out.write(Reference.compress(compression, toByteArray()));
        out.close();
      }
    };
  }

  @Override
  public InputStream decompress(InputStream in) throws IOException {
    return new ByteArrayInputStream(Reference.decompress(compression, in.readAllBytes()));
  }
}

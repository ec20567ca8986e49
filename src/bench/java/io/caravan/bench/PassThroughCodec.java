/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Has grpc-java pass compressed messages on as they came: it takes the name of their encoding and
 * does nothing.
 */
record PassThroughCodec(String encoding) implements Codec {

  @Override
  public String getMessageEncoding() {
    return encoding;
  }

  @Override
  public InputStream decompress(InputStream message) {
    return message;
  }

  @Override
  public OutputStream compress(OutputStream message) {
    return message;
  }

  DecompressorRegistry decompressors() {
    return DecompressorRegistry.emptyInstance().with(this, true);
  }

  CompressorRegistry compressors() {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(this);
    return registry;
  }
}

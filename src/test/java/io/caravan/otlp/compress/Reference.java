/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyFramedInputStream;
import org.xerial.snappy.SnappyFramedOutputStream;

/** The same formats by other libraries, as streams: what senders and backends use. */
public final class Reference {
  private Reference() {}

  public static byte[] compress(Compression compression, byte[] content) throws IOException {
    if (compression == Compression.SNAPPY) {
      return Snappy.compress(content);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressing(compression, bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static OutputStream compressing(Compression compression, OutputStream out)
      throws IOException {
    return switch (compression) {
      case NONE, SNAPPY -> out;
      case GZIP -> new GZIPOutputStream(out);
      case ZSTD -> new ZstdOutputStream(out);
      case SNAPPY_FRAMED -> new SnappyFramedOutputStream(out);
      case LZ4 -> new LZ4FrameOutputStream(out);
      case DEFLATE -> new DeflaterOutputStream(out);
    };
  }

  public static byte[] decompress(Compression compression, byte[] compressed) throws IOException {
    if (compression == Compression.SNAPPY) {
      return Snappy.uncompress(compressed);
    }
    try (InputStream in = decompressing(compression, new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    }
  }

  private static InputStream decompressing(Compression compression, InputStream in)
      throws IOException {
    return switch (compression) {
      case NONE, SNAPPY -> in;
      case GZIP -> new GZIPInputStream(in);
      case ZSTD -> new ZstdInputStream(in);
      case SNAPPY_FRAMED -> new SnappyFramedInputStream(in);
      case LZ4, DEFLATE -> throw new IllegalArgumentException(compression + " is only read");
    };
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which deflate this process uses: ISA-L where it is installed, Java otherwise.
 *
 * <p>The system property {@code caravan.deflate=java} keeps to what needs nothing native.
 */
final class DeflateChoice {
  static final String PROPERTY = "caravan.deflate";

  private static final Logger LOG = LoggerFactory.getLogger(DeflateChoice.class);

  /** Needs nothing that is not there already. */
  private static final RawDeflate MEANWHILE = new JavaDeflate();

  private static volatile @Nullable RawDeflate loaded;
  private static volatile boolean loadsLater;

  private DeflateChoice() {}

  /**
   * The one to use now: the fastest, which is loaded if nobody has said that it will be; until then
   * the one in Java, so that no event loop waits.
   */
  static RawDeflate current() {
    RawDeflate fastest = loaded;
    if (fastest != null) {
      return fastest;
    }
    return loadsLater ? MEANWHILE : load();
  }

  /** Says that somebody will call {@link #load}. */
  static void loadLater() {
    loadsLater = true;
  }

  /** The fastest; a binding takes a third of a second of CPU. */
  static synchronized RawDeflate load() {
    RawDeflate fastest = loaded;
    if (fastest == null) {
      fastest = choose();
      loaded = fastest;
    }
    return fastest;
  }

  private static RawDeflate choose() {
    return "java".equals(System.getProperty(PROPERTY))
        ? new JavaDeflate()
        : nativeOr(new JavaDeflate());
  }

  private static RawDeflate nativeOr(RawDeflate fallback) {
    Optional<IsalDeflate> isal = isal();
    return isal.isPresent() ? isal.get() : fallback;
  }

  /** ISA-L, where it is installed and gives back a sample through the other implementation. */
  static Optional<IsalDeflate> isal() {
    Optional<IsalDeflate> found = Isal.load().map(IsalDeflate::new);
    if (found.isPresent() && !understandEachOther(found.get(), new JdkDeflate())) {
      LOG.warn(
          "event=isal_unusable consequence=\"gzip is done in Java\" remedy=\"install libisal 2\"");
      return Optional.empty();
    }
    return found;
  }

  /** A library with other structures than those that are known here does not pass. */
  private static boolean understandEachOther(RawDeflate one, RawDeflate other) {
    byte[] sample = new byte[1000];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = (byte) ((i * i) >> 3);
    }
    return passes(sample, one, other) && passes(sample, other, one);
  }

  private static boolean passes(byte[] sample, RawDeflate from, RawDeflate to) {
    ByteBuf content = Unpooled.directBuffer().writeBytes(sample);
    ByteBuf compressed = Unpooled.directBuffer();
    try (BoundedOutput out = new BoundedOutput(UnpooledByteBufAllocator.DEFAULT, sample.length)) {
      from.deflate(content.nioBuffer(), compressed);
      to.inflate(compressed.nioBuffer(), out);
      return out.since(0).equals(content.nioBuffer());
    } catch (CorruptDataException | ContentTooLargeException | IllegalStateException e) {
      return false;
    } finally {
      content.release();
      compressed.release();
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A folder in memory that can lose power: then of all bytes and names since the last sync of the
 * file or the folder nothing is left, or all, or whatever chance says. It can also fail.
 * Thread-safe.
 */
public final class ForgetfulFolder implements JournalFolder {
  public enum Operation {
    CREATE,
    OPEN,
    WRITE,
    TRUNCATE,
    SYNC,
    RENAME,
    DELETE,
    SYNC_FOLDER
  }

  /** What a power loss leaves of what was not synced. */
  public enum Left {
    NOTHING,
    EVERYTHING,
    ANYTHING;

    static Left any(SplittableRandom random) {
      return List.of(values()).get(random.nextInt(values().length));
    }
  }

  private static final int SECTOR = 512;

  private static final class Contents {
    private byte[] bytes = {};
    private byte[] synced = {};

    Contents() {}

    Contents(byte[] bytes) {
      this.bytes = bytes;
      this.synced = bytes;
    }

    /** Sectors of the one or the other, and a length of the one or the other. */
    byte[] mixed(SplittableRandom random) {
      byte[] longer = bytes.length > synced.length ? bytes : synced;
      byte[] other = bytes.length > synced.length ? synced : bytes;
      int length = random.nextBoolean() ? longer.length : other.length;
      if (random.nextInt(4) == 0 && longer.length > other.length) {
        length = random.nextInt(other.length, longer.length);
      }
      byte[] mixed = new byte[length];
      for (int at = 0; at < length; at += SECTOR) {
        byte[] from = random.nextBoolean() ? bytes : synced;
        int end = Math.min(Math.min(at + SECTOR, length), from.length);
        if (end > at) {
          System.arraycopy(from, at, mixed, at, end - at);
        }
      }
      return mixed;
    }
  }

  private final Map<String, Contents> names = new HashMap<>();
  private final Map<String, Contents> syncedNames = new HashMap<>();
  private BiPredicate<Operation, String> fails = (_, _) -> false;
  private Runnable afterEachStep = () -> {};
  private long capacity = Long.MAX_VALUE;

  /** From now on operations of files for which this holds fail; the file system is else whole. */
  public synchronized void failing(BiPredicate<Operation, String> when) {
    fails = when;
  }

  /** The file system holds no more than this. */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /** Is run after each operation that changes something, while no other can begin. */
  public synchronized void afterEachStep(Runnable hook) {
    afterEachStep = hook;
  }

  /** What a machine finds that starts after the power was lost now. */
  public synchronized ForgetfulFolder afterPowerLoss(Left left, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ForgetfulFolder image = new ForgetfulFolder();
    Set<String> all = new HashSet<>(names.keySet());
    all.addAll(syncedNames.keySet());
    // One file may have two names, if a rename was half forgotten, but only one content.
    Map<Contents, byte[]> kept = new HashMap<>();
    for (String name : all.stream().sorted().toList()) {
      Contents contents =
          switch (left) {
            case NOTHING -> syncedNames.get(name);
            case EVERYTHING -> names.get(name);
            case ANYTHING -> random.nextBoolean() ? names.get(name) : syncedNames.get(name);
          };
      if (contents != null) {
        byte[] bytes =
            kept.computeIfAbsent(
                contents,
                one ->
                    switch (left) {
                      case NOTHING -> one.synced;
                      case EVERYTHING -> one.bytes;
                      case ANYTHING -> one.mixed(random);
                    });
        Contents found = new Contents(bytes);
        image.names.put(name, found);
        image.syncedNames.put(name, found);
      }
    }
    return image;
  }

  public synchronized byte[] bytes(String name) {
    Contents contents = names.get(name);
    return contents == null ? new byte[0] : contents.bytes.clone();
  }

  /** Has a file hold these bytes, on the disk. */
  public synchronized void put(String name, byte[] bytes) {
    Contents contents = new Contents(bytes.clone());
    names.put(name, contents);
    syncedNames.put(name, contents);
  }

  private void check(Operation operation, String name) throws IOException {
    if (fails.test(operation, name)) {
      throw new IOException("Input/output error (" + operation + " " + name + ")");
    }
  }

  private long used() {
    return names.values().stream().mapToLong(contents -> contents.bytes.length).sum();
  }

  @Override
  public synchronized List<String> list() {
    return new ArrayList<>(names.keySet());
  }

  @Override
  public synchronized JournalFile create(String name) throws IOException {
    check(Operation.CREATE, name);
    if (names.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    Contents contents = new Contents();
    names.put(name, contents);
    afterEachStep.run();
    return new OpenFile(name, contents);
  }

  @Override
  public synchronized JournalFile open(String name) throws IOException {
    check(Operation.OPEN, name);
    @Nullable Contents contents = names.get(name);
    if (contents == null) {
      throw new NoSuchFileException(name);
    }
    return new OpenFile(name, contents);
  }

  @Override
  public JournalFile reopen(String name) throws IOException {
    return open(name);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    check(Operation.RENAME, from);
    @Nullable Contents contents = names.remove(from);
    if (contents == null) {
      throw new NoSuchFileException(from);
    }
    names.put(to, contents);
    afterEachStep.run();
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    check(Operation.DELETE, name);
    names.remove(name);
    afterEachStep.run();
  }

  @Override
  public synchronized void sync() throws IOException {
    check(Operation.SYNC_FOLDER, "");
    syncedNames.clear();
    syncedNames.putAll(names);
    afterEachStep.run();
  }

  @Override
  public synchronized long usableSpace() {
    return capacity - used();
  }

  @Override
  public synchronized long totalSpace() {
    return capacity;
  }

  @Override
  public String toString() {
    return "memory";
  }

  private final class OpenFile implements JournalFile {
    private final String name;
    private final Contents contents;

    OpenFile(String name, Contents contents) {
      this.name = name;
      this.contents = contents;
    }

    @Override
    public void write(ByteBuffer[] buffers, long position) throws IOException {
      synchronized (ForgetfulFolder.this) {
        check(Operation.WRITE, name);
        int length = Arrays.stream(buffers).mapToInt(ByteBuffer::remaining).sum();
        byte[] all = new byte[length];
        ByteBuffer gathered = ByteBuffer.wrap(all);
        for (ByteBuffer buffer : buffers) {
          gathered.put(buffer);
        }
        int end = (int) position + length;
        long room = capacity - used() + contents.bytes.length;
        boolean full = end > contents.bytes.length && end > room;
        int written = full ? Math.max(0, (int) (room - position)) : length;
        byte[] grown =
            Arrays.copyOf(
                contents.bytes, Math.max(contents.bytes.length, (int) position + written));
        System.arraycopy(all, 0, grown, (int) position, written);
        contents.bytes = grown;
        afterEachStep.run();
        if (full) {
          throw new IOException("No space left on device");
        }
      }
    }

    @Override
    public void read(ByteBuffer into, long position) {
      synchronized (ForgetfulFolder.this) {
        int length = (int) Math.min(into.remaining(), contents.bytes.length - position);
        if (length > 0) {
          into.put(contents.bytes, (int) position, length);
        }
      }
    }

    @Override
    public long size() {
      synchronized (ForgetfulFolder.this) {
        return contents.bytes.length;
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (ForgetfulFolder.this) {
        check(Operation.TRUNCATE, name);
        if (size < contents.bytes.length) {
          contents.bytes = Arrays.copyOf(contents.bytes, (int) size);
        }
        afterEachStep.run();
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (ForgetfulFolder.this) {
        if (fails.test(Operation.SYNC, name)) {
          // As Linux does: what could not be written is dropped, and the next sync succeeds.
          contents.bytes = contents.mixed(new SplittableRandom(contents.bytes.length));
          contents.synced = contents.bytes;
          throw new IOException("Input/output error (SYNC " + name + ")");
        }
        contents.synced = contents.bytes;
        afterEachStep.run();
      }
    }

    @Override
    public void close() {}
  }
}

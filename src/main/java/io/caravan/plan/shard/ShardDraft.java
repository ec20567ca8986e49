/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import io.caravan.plan.shard.Entry.KameletEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A shard that is being laid out: its entries, and what they take together. Not thread-safe. */
final class ShardDraft {
  private final int number;
  private final long bound;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final Map<KameletEntry, Integer> kamelets = new HashMap<>();
  private long configBytes;
  private long secretBytes;

  /**
   * An empty one.
   *
   * @param bound of the bytes of the ConfigMap's data, and of the Secret's
   */
  ShardDraft(int number, long bound) {
    this.number = number;
    this.bound = bound;
  }

  /** Takes an entry in the place of the one of its key, whatever the size. */
  void put(Entry entry) {
    remove(entry.key());
    entries.put(entry.key(), entry);
    configBytes += entry.configBytes();
    secretBytes += entry.secretBytes();
    entry
        .kamelet()
        .ifPresent(
            kamelet -> {
              if (kamelets.merge(kamelet, 1, Integer::sum) == 1) {
                configBytes += kamelet.bytes();
              }
            });
  }

  void remove(String key) {
    Entry gone = entries.remove(key);
    if (gone == null) {
      return;
    }
    configBytes -= gone.configBytes();
    secretBytes -= gone.secretBytes();
    gone.kamelet()
        .ifPresent(
            kamelet -> {
              if (kamelets.merge(kamelet, -1, Integer::sum) == 0) {
                kamelets.remove(kamelet);
                configBytes -= kamelet.bytes();
              }
            });
  }

  /** Takes an entry in the place of those under two keys, unless it would not fit. */
  boolean offer(Entry entry, String formerKey) {
    long configBefore = configBytes;
    long secretBefore = secretBytes;
    Entry same = entries.get(entry.key());
    Entry former = formerKey.equals(entry.key()) ? null : entries.get(formerKey);
    remove(formerKey);
    put(entry);
    // What takes no more than before is not to be refused for what others take.
    boolean fits =
        (configBytes <= bound || configBytes <= configBefore)
            && (secretBytes <= bound || secretBytes <= secretBefore);
    if (!fits) {
      remove(entry.key());
      if (same != null) {
        put(same);
      }
      if (former != null) {
        put(former);
      }
    }
    return fits;
  }

  long configBytes() {
    return configBytes;
  }

  long secretBytes() {
    return secretBytes;
  }

  Shard shard() {
    SortedMap<String, String> config = new TreeMap<>();
    SortedMap<String, String> secret = new TreeMap<>();
    kamelets.keySet().forEach(kamelet -> config.put(kamelet.key(), kamelet.yaml()));
    entries
        .values()
        .forEach(
            entry -> {
              config.put(entry.key(), entry.config());
              entry.secret().ifPresent(text -> secret.put(entry.key(), text));
            });
    return new Shard(number, config, secret);
  }
}

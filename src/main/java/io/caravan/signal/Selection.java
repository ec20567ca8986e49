/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBatch;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which resources of a batch a pipeline takes, by the namespace that they come from.
 *
 * @param enabled false takes nothing: the pipeline's OTLP input is switched off
 * @param include the namespaces to take; empty takes every namespace
 * @param exclude the namespaces to leave out; not together with {@code include}
 */
public record Selection(boolean enabled, Set<String> include, Set<String> exclude) {

  public static final Selection EVERYTHING = new Selection(true, Set.of(), Set.of());

  static final String NAMESPACE = "k8s.namespace.name";

  public Selection {
    include = Set.copyOf(include);
    exclude = Set.copyOf(exclude);
    if (!include.isEmpty() && !exclude.isEmpty()) {
      throw new IllegalArgumentException(
          "include and exclude are both set; a pipeline selects by one of them");
    }
  }

  /**
   * The part of the batch that is taken, sharing its bytes; it may hold no resource at all. The
   * caller releases it.
   */
  OtlpBatch select(OtlpBatch batch) {
    if (!enabled) {
      return batch.select(resource -> false);
    }
    if (include.isEmpty() && exclude.isEmpty()) {
      return batch.retain();
    }
    return batch.select(resource -> takes(batch, resource));
  }

  /** The resources of the batch that are taken; null for all of them. */
  @Nullable BitSet resources(OtlpBatch batch) {
    if (enabled && include.isEmpty() && exclude.isEmpty()) {
      return null;
    }
    BitSet taken = new BitSet(batch.resources());
    for (int i = 0; enabled && i < batch.resources(); i++) {
      taken.set(i, takes(batch, i));
    }
    return taken.cardinality() == batch.resources() && enabled ? null : taken;
  }

  /** Data that does not come from a namespace always passes, as in the contract. */
  private boolean takes(OtlpBatch batch, int resource) {
    String namespace = batch.resourceAttribute(resource, NAMESPACE);
    if (namespace == null) {
      return true;
    }
    return include.isEmpty() ? !exclude.contains(namespace) : include.contains(namespace);
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBatch;
import java.util.Set;

/**
 * Which resources of a batch a pipeline takes, by the namespace that they come from.
 *
 * @param enabled false takes nothing: the pipeline's OTLP input is switched off
 * @param include the namespaces to take; empty takes every namespace
 * @param exclude the namespaces to leave out; not together with {@code include}
 */
public record Selection(boolean enabled, Set<String> include, Set<String> exclude) {

  public static final Selection EVERYTHING = new Selection(true, Set.of(), Set.of());

  private static final String NAMESPACE = "k8s.namespace.name";

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

  /** Data that does not come from a namespace always passes, as in the contract. */
  private boolean takes(OtlpBatch batch, int resource) {
    String namespace = batch.resourceAttribute(resource, NAMESPACE);
    if (namespace == null) {
      return true;
    }
    return include.isEmpty() ? !exclude.contains(namespace) : include.contains(namespace);
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;

/**
 * Which namespaces an input takes, by exact name. At most one list has entries; none means all
 * namespaces. Data without a namespace is always taken.
 */
public record NamespaceSelector(List<String> include, List<String> exclude) {

  /** Every namespace, those of the system too. */
  public static final NamespaceSelector ALL = new NamespaceSelector(List.of(), List.of());

  /** The namespaces of the system, which inputs that read leave out unless they are told. */
  public static final List<String> SYSTEM = List.of("kyma-system", "kube-system", "istio-system");

  public NamespaceSelector {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }
}

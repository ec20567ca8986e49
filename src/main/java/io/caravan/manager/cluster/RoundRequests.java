/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.Namespace;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;

/** Asks for a round because of something that no watch sees. Thread-safe. */
public final class RoundRequests extends AbstractEventSource<Void, Namespace> {
  private final ResourceID installation;

  /**
   * @param namespace the manager's own
   */
  public RoundRequests(String namespace) {
    super(Void.class, "reports-of-pods");
    this.installation = new ResourceID(namespace);
  }

  /** One more round, soon. Never waits. */
  public void request() {
    if (isRunning() && getEventHandler() != null) {
      getEventHandler().handleEvent(new Event(installation));
    }
  }

  /** None: what pods say is no resource. */
  @Override
  public Set<Void> getSecondaryResources(Namespace primary) {
    return Set.of();
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.Journal;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.Signal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Arrays;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code signal:traces|metrics|logs}: the fan-out from the receiving routes to the pipelines.
 *
 * <p>Producers offer each batch to all pipelines of the signal; every consumer is one version of
 * one pipeline. Counts into the {@link MeterRegistry} of the Camel registry, and into its {@link
 * MemoryBudget} what has no share of it yet, where there is one.
 */
public final class SignalComponent extends DefaultComponent {
  private FanOutSettings settings = FanOutSettings.DEFAULTS;
  private @Nullable Subscriptions subscriptions;

  /** Takes effect when the component starts. */
  public void setSettings(FanOutSettings settings) {
    this.settings = settings;
  }

  /** The registry of this context's pipelines; there is one from the component's start on. */
  public Subscriptions subscriptions() {
    if (subscriptions == null) {
      throw new IllegalStateException("the signal: component has not been started");
    }
    return subscriptions;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    MeterRegistry registry = getCamelContext().getRegistry().findSingleByType(MeterRegistry.class);
    MemoryBudget budget = getCamelContext().getRegistry().findSingleByType(MemoryBudget.class);
    subscriptions =
        new Subscriptions(
            settings,
            budget == null ? new MemoryBudget(Long.MAX_VALUE) : budget,
            registry == null ? new CompositeMeterRegistry() : registry,
            getCamelContext().getRegistry().findSingleByType(Journal.class),
            getCamelContext().getRegistry().findSingleByType(DeadLetters.class));
  }

  @Override
  protected void doShutdown() throws Exception {
    if (subscriptions != null) {
      subscriptions.close();
    }
    super.doShutdown();
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    SignalEndpoint endpoint = new SignalEndpoint(uri, this, signal(remaining));
    setProperties(endpoint, parameters);
    return endpoint;
  }

  private static Signal signal(String name) {
    return Arrays.stream(Signal.values())
        .filter(signal -> signal.lowerName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "signal:" + name + ": expected signal:traces, signal:metrics or signal:logs"));
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.Signal;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * One signal, to produce to: {@code signal:traces}, {@code signal:metrics}, {@code signal:logs}.
 */
public final class SignalEndpoint extends DefaultEndpoint {
  private final Signal signal;

  SignalEndpoint(String uri, SignalComponent component, Signal signal) {
    super(uri, component);
    this.signal = signal;
  }

  Signal signal() {
    return signal;
  }

  Subscriptions subscriptions() {
    return ((SignalComponent) getComponent()).subscriptions();
  }

  @Override
  public Producer createProducer() {
    return new SignalProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        getEndpointUri() + ": a pipeline's route begins with journal:<kind>/<name>");
  }
}

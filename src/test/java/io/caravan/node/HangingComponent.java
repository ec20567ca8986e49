/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** A component whose producer neither ends a batch nor stops until it is let go. */
final class HangingComponent extends DefaultComponent {
  private final CountDownLatch leave;

  HangingComponent(CountDownLatch leave) {
    this.leave = leave;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    return new HangingEndpoint(uri);
  }

  private final class HangingEndpoint extends DefaultEndpoint {
    HangingEndpoint(String uri) {
      super(uri, HangingComponent.this);
    }

    @Override
    public Producer createProducer() {
      return new HangingProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new UnsupportedOperationException("hanging: is a sink");
    }
  }

  private final class HangingProducer extends DefaultProducer {
    HangingProducer(Endpoint endpoint) {
      super(endpoint);
    }

    @Override
    public void process(Exchange exchange) {
      hang();
    }

    @Override
    protected void doStop() throws Exception {
      hang();
      super.doStop();
    }

    /** As a write to a pipe does: no interrupt ends it. */
    private void hang() {
      boolean interrupted = false;
      while (true) {
        try {
          leave.await();
          break;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** What one pipeline has to deliver, to consume from, by one version of its routes. */
public final class JournalEndpoint extends DefaultEndpoint {
  private final PipelineId named;
  private String uid = "";
  private String digest = "";
  private String include = "";
  private String exclude = "";
  private boolean enabled = true;

  /** An endpoint of the pipeline of that kind and name. */
  JournalEndpoint(String uri, JournalComponent component, PipelineId named) {
    super(uri, component);
    this.named = named;
  }

  Subscriptions subscriptions() {
    return getCamelContext().getComponent("signal", SignalComponent.class).subscriptions();
  }

  /** Which of the pipelines that have had this name it is. */
  public void setUid(String uid) {
    this.uid = uid;
  }

  /** Which version of the pipeline the route is; required. */
  public void setDigest(String digest) {
    this.digest = digest;
  }

  /** Namespaces to take, comma-separated; empty for all. */
  public void setInclude(String include) {
    this.include = include;
  }

  /** Namespaces to leave out, comma-separated. */
  public void setExclude(String exclude) {
    this.exclude = exclude;
  }

  /** False: the pipeline takes nothing. */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException(
        getEndpointUri() + ": what is to be written goes to signal:<signal>");
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (digest.isEmpty()) {
      throw new IllegalArgumentException(getEndpointUri() + ": a consumer needs a digest");
    }
    Selection selection = new Selection(enabled, names(include), names(exclude));
    PipelineId pipeline = new PipelineId(named.kind(), named.name(), uid);
    JournalConsumer consumer = new JournalConsumer(this, processor, pipeline, digest, selection);
    configureConsumer(consumer);
    return consumer;
  }

  private static Set<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}

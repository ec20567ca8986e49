/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.otlp.Signal;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * One signal, to produce to; with {@code pipeline} and {@code digest} one version of a pipeline, to
 * consume from.
 */
public final class SignalEndpoint extends DefaultEndpoint {
  private final Signal signal;
  private String pipeline = "";
  private String uid = "";
  private String digest = "";
  private String include = "";
  private String exclude = "";
  private boolean enabled = true;

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

  /** Kind and name, {@code tracepipeline/demo}; consumers only, required. */
  public void setPipeline(String pipeline) {
    this.pipeline = pipeline;
  }

  /** Which of the pipelines that have had this name it is; consumers only. */
  public void setUid(String uid) {
    this.uid = uid;
  }

  /** Which version of the pipeline the route is; consumers only, required. */
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
    return new SignalProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (digest.isEmpty()) {
      throw new IllegalArgumentException(getEndpointUri() + ": a consumer needs a digest");
    }
    Selection selection = new Selection(enabled, names(include), names(exclude));
    SignalConsumer consumer = new SignalConsumer(this, processor, pipelineId(), digest, selection);
    configureConsumer(consumer);
    return consumer;
  }

  private PipelineId pipelineId() {
    int slash = pipeline.indexOf('/');
    return Arrays.stream(PipelineKind.values())
        .filter(kind -> slash > 0 && kind.singular().equals(pipeline.substring(0, slash)))
        .filter(kind -> kind.signal().equals(signal.lowerName()))
        .map(kind -> new PipelineId(kind, pipeline.substring(slash + 1), uid))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: pipeline=%s is not kind/name of a pipeline of %s"
                        .formatted(getEndpointUri(), pipeline, signal.lowerName())));
  }

  private static Set<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}

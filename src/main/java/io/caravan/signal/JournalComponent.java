/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import java.util.Arrays;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The {@code journal:} component: a pipeline's route begins with {@code journal:tracepipeline/demo}
 * and gets what the pipeline has accepted and not delivered, from its place in the journal or,
 * while it keeps up, from memory. The exchange's result says what became of it: without an
 * exception it is delivered. What there is to know of pipelines is the {@code signal:} component's,
 * which writes.
 */
public final class JournalComponent extends DefaultComponent {

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    JournalEndpoint endpoint = new JournalEndpoint(uri, this, pipeline(remaining));
    setProperties(endpoint, parameters);
    return endpoint;
  }

  private static PipelineId pipeline(String path) {
    int slash = path.indexOf('/');
    return Arrays.stream(PipelineKind.values())
        .filter(kind -> slash > 0 && kind.singular().equals(path.substring(0, slash)))
        .map(kind -> new PipelineId(kind, path.substring(slash + 1)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "journal:" + path + ": expected kind and name, journal:tracepipeline/demo"));
  }
}

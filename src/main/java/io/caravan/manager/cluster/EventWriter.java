/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.caravan.api.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of changes by Kubernetes events. What cannot be written is logged and not tried again. */
public final class EventWriter {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final String CONTROLLER = "caravan.io/manager";

  /** Of the note, which an API server checks. */
  private static final int LONGEST = 1000;

  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final SecureRandom ids = new SecureRandom();

  /**
   * @param instance who tells: the name of the manager's Pod
   */
  public EventWriter(KubernetesClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  /** A condition of a resource has got another status, at this time. */
  public void changed(HasMetadata resource, Condition condition, Instant at) {
    String namespace = Objects.requireNonNullElse(resource.getMetadata().getNamespace(), "default");
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withName("%s.%016x".formatted(resource.getMetadata().getName(), ids.nextLong()))
            .withNamespace(namespace)
            .endMetadata()
            .withEventTime(new MicroTime(MICROSECONDS.format(at)))
            .withType(condition.status() == Condition.Status.TRUE ? "Normal" : "Warning")
            .withReason(condition.reason())
            .withAction(condition.type())
            .withNote(shortened(condition.type() + ": " + condition.message()))
            .withReportingController(CONTROLLER)
            .withReportingInstance(instance)
            .withRegarding(
                new ObjectReferenceBuilder()
                    .withApiVersion(resource.getApiVersion())
                    .withKind(resource.getKind())
                    .withName(resource.getMetadata().getName())
                    .withNamespace(resource.getMetadata().getNamespace())
                    .withUid(resource.getMetadata().getUid())
                    .build())
            .build();
    try {
      var _ = client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("object", ObjectKey.of(resource))
          .addKeyValue("why", ApiFailure.text(e))
          .log("An event could not be written");
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}

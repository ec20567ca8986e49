/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches our objects of kinds that not every cluster has, from the moment on in which their
 * resource definition is there, and until it is gone. Thread-safe.
 */
final class OptionalWatch extends AbstractEventSource<GenericKubernetesResource, Namespace> {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  private final KubernetesClient client;
  private final String namespace;
  private final String labels;
  private final ResourceID installation;

  // Guarded by this.
  private final Map<OptionalKind, SharedIndexInformer<GenericKubernetesResource>> watches =
      new EnumMap<>(OptionalKind.class);

  /**
   * @param namespace where our objects are
   * @param labels that they have
   */
  OptionalWatch(KubernetesClient client, String namespace, String labels) {
    super(GenericKubernetesResource.class, "objects-of-optional-kinds");
    this.client = client;
    this.namespace = namespace;
    this.labels = labels;
    this.installation = new ResourceID(namespace);
  }

  /**
   * Watches the kinds that there are, and no others.
   *
   * @param definitions the names of all resource definitions
   * @return what is known of their objects; of a kind that has just come nothing yet
   */
  synchronized List<GenericKubernetesResource> follow(Set<String> definitions) {
    for (OptionalKind each : OptionalKind.values()) {
      if (definitions.contains(each.definition())) {
        watches.computeIfAbsent(each, this::watch);
      } else {
        SharedIndexInformer<GenericKubernetesResource> gone = watches.remove(each);
        if (gone != null) {
          gone.close();
          LOG.atInfo().addKeyValue("kind", each.definition()).log("Not in the cluster any more");
        }
      }
    }
    return watches.values().stream().flatMap(each -> each.getStore().list().stream()).toList();
  }

  private SharedIndexInformer<GenericKubernetesResource> watch(OptionalKind kind) {
    SharedIndexInformer<GenericKubernetesResource> informer =
        client
            .genericKubernetesResources(kind.apiVersion(), kind.kind())
            .inNamespace(namespace)
            .withLabelSelector(labels)
            .runnableInformer(0);
    var _ =
        informer
            .itemStore(new TransformingItemStore<>(Pruned::unmanaged))
            .exceptionHandler((_, thrown) -> failed(kind, thrown))
            .addEventHandler(new Changes());
    var _ = informer.start();
    LOG.atInfo().addKeyValue("kind", kind.definition()).log("In the cluster: watched");
    return informer;
  }

  /** A definition is there a little before its resources are, and rights may be granted later. */
  private static boolean failed(OptionalKind kind, Throwable thrown) {
    LOG.atDebug()
        .addKeyValue("kind", kind.definition())
        .addKeyValue("why", thrown.getMessage())
        .log("Cannot be watched; tried again");
    return true;
  }

  private void changed() {
    if (isRunning() && getEventHandler() != null) {
      getEventHandler().handleEvent(new Event(installation));
    }
  }

  private final class Changes implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource object) {
      changed();
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
      changed();
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
      changed();
    }
  }

  /** None: nobody asks for secondaries by their primary. */
  @Override
  public Set<GenericKubernetesResource> getSecondaryResources(Namespace primary) {
    return Set.of();
  }

  @Override
  public synchronized void stop() {
    super.stop();
    watches.values().forEach(SharedIndexInformer::close);
    watches.clear();
  }
}

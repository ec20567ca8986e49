/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.manager.admission.ServingCertificate;
import io.caravan.manager.admission.ServingCertificates;
import io.caravan.manager.admission.WebhookAddress;
import io.caravan.manager.admission.WebhookCertificates;
import io.caravan.manager.admission.WebhookRegistrations;
import io.caravan.manager.cluster.Applier;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the webhooks' certificates good and the API server's knowledge of them true. The leader
 * writes the Secret; the others, which serve as well, read it. Thread-safe.
 */
final class WebhookUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  /** How long one that does not lead may show what another has replaced. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final String namespace;
  private final ServingCertificates shown;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("webhook-certificates").factory());
  private @Nullable WebhookCertificates current;
  private @Nullable WebhookAddress address;
  private String found = "";
  private List<HasMetadata> objects = List.of();

  private WebhookUpkeep(KubernetesClient client, String namespace, ServingCertificate first) {
    this.client = client;
    this.namespace = namespace;
    this.shown = new ServingCertificates(first);
  }

  /**
   * Begins with what is stored, or with certificates that nobody knows yet.
   *
   * @throws GeneralSecurityException if cert-manager is to issue them and has not yet
   */
  static WebhookUpkeep begin(KubernetesClient client, String namespace, Instant now)
      throws GeneralSecurityException {
    WebhookCertificates first = WebhookCertificates.next(stored(client, namespace), namespace, now);
    WebhookUpkeep upkeep = new WebhookUpkeep(client, namespace, first.serving());
    // What is shown from the start on is what is stored first, if nothing is stored yet.
    upkeep.current = first;
    var _ =
        upkeep.looks.scheduleWithFixedDelay(
            upkeep::look, LOOK.toSeconds(), LOOK.toSeconds(), TimeUnit.SECONDS);
    return upkeep;
  }

  private static Optional<Secret> stored(KubernetesClient client, String namespace) {
    return Optional.ofNullable(
        client.secrets().inNamespace(namespace).withName(WebhookCertificates.SECRET).get());
  }

  /** How an API server reaches the server that shows them; nothing is registered before. */
  synchronized void reachedBy(WebhookAddress where) {
    address = where;
  }

  /** What a server shows. */
  ServingCertificates shown() {
    return shown;
  }

  /**
   * The Secret and the registrations as they are to be. Only the leader calls this.
   *
   * @param version of the stored Secret that the watches have seen; empty if there is none
   */
  synchronized List<HasMetadata> objects(String version, Instant now) {
    WebhookCertificates known = current;
    if (known != null && version.equals(found) && now.isBefore(known.lookAgain())) {
      return objects.isEmpty() ? make(known) : objects;
    }
    try {
      WebhookCertificates next =
          WebhookCertificates.next(stored(client, namespace), namespace, now);
      current = next;
      found = version;
      return make(next);
    } catch (GeneralSecurityException e) {
      LOG.atWarn()
          .addKeyValue("secret", WebhookCertificates.SECRET)
          .addKeyValue("why", e.getMessage())
          .log("No webhook certificate yet; the last one is shown");
    }
    return objects;
  }

  /**
   * Has the API server know who converts before anything is watched: what is stored in an older
   * version cannot be listed while nobody does. The first round registers the rest, and tells what
   * fails.
   */
  void registerConversion(Instant now) {
    try {
      String version =
          stored(client, namespace)
              .map(secret -> secret.getMetadata().getResourceVersion())
              .orElse("");
      for (HasMetadata each : objects(version, now)) {
        if (each instanceof Secret || each instanceof CustomResourceDefinition) {
          var _ =
              client
                  .resource(each)
                  .fieldManager(Applier.FIELD_MANAGER)
                  .forceConflicts()
                  .serverSideApply();
        }
      }
      applied();
    } catch (KubernetesClientException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("Versions cannot be converted yet");
    }
  }

  private List<HasMetadata> make(WebhookCertificates certificates) {
    List<HasMetadata> all = new ArrayList<>();
    certificates.secret().ifPresent(all::add);
    if (address != null) {
      all.addAll(WebhookRegistrations.of(address, certificates.caBundle()));
    }
    objects = List.copyOf(all);
    return objects;
  }

  /** The API server knows the authority now: the certificate may be shown. */
  synchronized void applied() {
    if (current != null) {
      show(current.serving());
    }
  }

  /** What the leader has stored is shown by all. */
  private void look() {
    try {
      Optional<Secret> stored = stored(client, namespace);
      if (stored.isPresent()) {
        show(
            ServingCertificate.ofPem(text(stored.get(), "tls.crt"), text(stored.get(), "tls.key")));
      }
    } catch (KubernetesClientException | GeneralSecurityException e) {
      LOG.atWarn()
          .addKeyValue("why", e.getMessage())
          .log("The webhook certificate cannot be looked at; the last one is shown");
    }
  }

  private static String text(Secret secret, String key) {
    Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
    return new String(
        Base64.getDecoder().decode(data.getOrDefault(key, "")), StandardCharsets.US_ASCII);
  }

  private void show(ServingCertificate next) {
    if (!next.chain().equals(shown.current().chain())) {
      shown.replace(next);
      LOG.atInfo().addKeyValue("certificate", next).log("Webhook certificate");
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.Programs;
import io.caravan.manager.admission.ServingCertificates;
import io.caravan.manager.admission.WebhookAddress;
import io.caravan.manager.admission.WebhookCertificates;
import io.caravan.manager.admission.WebhookRegistrations;
import io.caravan.manager.admission.WebhookServer;
import io.caravan.manager.workload.ManagerObjects;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The webhooks, in this process, as an API server knows them that {@code deploy/install.yaml} was
 * applied to: called by the manager's service, which leads to this machine, and registered with the
 * manager's rights.
 */
final class RegisteredWebhooks implements AutoCloseable {
  static final String NAMESPACE = "kyma-system";
  private static final Path INSTALL = Programs.home().resolve("deploy/install.yaml");

  private final Instant now;
  private final KubernetesClient manager;
  private final ServingCertificates certificates;
  private final InetSocketAddress address;
  private WebhookCertificates registered;
  private WebhookServer server;

  private RegisteredWebhooks(KubernetesApi api, Instant now)
      throws IOException, GeneralSecurityException {
    this.now = now;
    this.manager = api.users().serviceAccount(NAMESPACE, ManagerObjects.NAME).client();
    this.registered = nearlyDue(now);
    this.certificates = new ServingCertificates(registered.serving());
    this.server =
        WebhookServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificates);
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
  }

  /** Installs everything and registers, with an authority that is about to be replaced. */
  static RegisteredWebhooks install(KubernetesApi api) throws Exception {
    api.kubectl().apply(INSTALL, "--server-side");
    api.kubectl().run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    var services = api.client().services().inNamespace(NAMESPACE);
    var _ = services.withName(ManagerObjects.WEBHOOK_SERVICE).delete();
    var _ =
        services
            .resource(
                new ServiceBuilder()
                    .withNewMetadata()
                    .withName(ManagerObjects.WEBHOOK_SERVICE)
                    .endMetadata()
                    .withNewSpec()
                    .withType("ExternalName")
                    .withExternalName("localhost")
                    .endSpec()
                    .build())
            .create();
    RegisteredWebhooks webhooks = new RegisteredWebhooks(api, Instant.now());
    webhooks.register();
    return webhooks;
  }

  private static WebhookCertificates nearlyDue(Instant now) throws GeneralSecurityException {
    WebhookCertificates old =
        WebhookCertificates.next(Optional.empty(), NAMESPACE, now.minus(Duration.ofDays(335)));
    return WebhookCertificates.next(
        old.secret(), NAMESPACE, now.minus(Duration.ofDays(6)).plus(Duration.ofMinutes(5)));
  }

  /**
   * The certificates of a moment, first registered and then shown, as the manager does it.
   *
   * @param later after the installation
   */
  WebhookCertificates renew(Duration later) throws GeneralSecurityException {
    registered = WebhookCertificates.next(registered.secret(), NAMESPACE, now.plus(later));
    register();
    certificates.replace(registered.serving());
    return registered;
  }

  WebhookCertificates registered() {
    return registered;
  }

  void register() {
    WebhookRegistrations.of(
            new WebhookAddress.OfService(NAMESPACE, address.getPort()), registered.caBundle())
        .forEach(
            object ->
                manager
                    .resource(object)
                    .fieldManager("caravan")
                    .forceConflicts()
                    .serverSideApply());
  }

  /** Nobody answers any more. */
  void stop() {
    server.close();
  }

  /** At the same port. */
  void startAgain() throws IOException {
    server = WebhookServer.start(address, certificates);
  }

  /** The client of the manager's account. */
  KubernetesClient manager() {
    return manager;
  }

  @Override
  public void close() {
    server.close();
  }
}

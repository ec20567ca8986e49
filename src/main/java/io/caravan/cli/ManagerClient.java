/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.manager.workload.ControlAccess;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the manager of a cluster through the API server's proxy, as the user of a kubeconfig. What
 * the user may is shown by a token of an account for which the API server gives him one. Not
 * thread-safe.
 */
final class ManagerClient {
  private static final JsonMapper JSON = new JsonMapper();

  /** In seconds; the shortest that API servers give. */
  private static final long TOKEN_AGE = 600;

  private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(TOKEN_AGE / 2);
  private static final int PATIENCE_SECONDS = 60;

  private final KubernetesClient client;
  private final String namespace;
  private @Nullable String token;
  private long tokenOf;

  /**
   * Asks nobody yet.
   *
   * @param namespace the manager's
   */
  ManagerClient(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** The result of a request, which has the field {@code command}. */
  JsonNode ask(ObjectNode request) throws CommandFailure {
    String command = request.path("command").asText();
    try {
      HttpResponse<String> answer =
          client
              .getHttpClient()
              .sendAsync(request(command, request), String.class)
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join();
      return result(command, answer);
    } catch (KubernetesClientException e) {
      throw new CommandFailure(ExitCode.FAILURE, refused(command, why(e)));
    } catch (CompletionException | IOException e) {
      throw new CommandFailure(
          ExitCode.NOT_RUNNING,
          "the API server %s does not answer (%s)".formatted(client.getMasterUrl(), e));
    }
  }

  private HttpRequest request(String command, ObjectNode request) {
    ObjectNode arguments = request.deepCopy();
    var _ = arguments.remove("command");
    String uri =
        "%sapi/v1/namespaces/%s/services/%s/proxy/control/%s"
            .formatted(slashed(), namespace, ControlAccess.PROXIED, command);
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(uri)
        .header(ControlAccess.HEADER, token(command))
        .post("application/json", arguments.toString())
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .build();
  }

  private String slashed() {
    String url = client.getMasterUrl().toString();
    return url.endsWith("/") ? url : url + "/";
  }

  private String token(String command) {
    String known = token;
    if (known == null || System.nanoTime() - tokenOf > RENEW_NANOS) {
      TokenRequest request =
          new TokenRequestBuilder()
              .withNewSpec()
              .withAudiences(ControlAccess.AUDIENCE)
              .withExpirationSeconds(TOKEN_AGE)
              .endSpec()
              .build();
      known =
          client
              .serviceAccounts()
              .inNamespace(namespace)
              .withName(command.equals("status") ? ControlAccess.VIEW : ControlAccess.EDIT)
              .tokenRequest(request)
              .getStatus()
              .getToken();
      token = known;
      tokenOf = System.nanoTime();
    }
    return known;
  }

  private JsonNode result(String command, HttpResponse<String> answer)
      throws CommandFailure, IOException {
    String body = String.valueOf(answer.body());
    if (!body.startsWith("{")) {
      throw new CommandFailure(
          ExitCode.NOT_RUNNING,
          "the manager in the namespace %s does not answer: HTTP %d, %s"
              .formatted(namespace, answer.code(), body.strip()));
    }
    JsonNode tree = JSON.readTree(body);
    if (tree.path("ok").asBoolean()) {
      return tree.path("result");
    }
    if (tree.hasNonNull("error")) {
      throw new CommandFailure(
          ExitCode.FAILURE,
          "the manager in the namespace %s answered: %s"
              .formatted(namespace, tree.path("error").asText()));
    }
    // The API server's own words: no right, no such Service, nobody behind it.
    String message = tree.path("message").asText();
    throw answer.code() == 403
        ? new CommandFailure(ExitCode.FAILURE, refused(command, message))
        : new CommandFailure(
            ExitCode.NOT_RUNNING,
            "no manager answers in the namespace %s (%s); --manager-namespace names another one"
                .formatted(namespace, message));
  }

  private static String why(KubernetesClientException e) {
    return e.getStatus() != null && e.getStatus().getMessage() != null
        ? e.getStatus().getMessage()
        : String.valueOf(e.getMessage());
  }

  private String refused(String command, String why) {
    return "the API server does not let you: %s; '%s' needs the rights of the cluster's role '%s' in the namespace %s"
        .formatted(why, command, command.equals("status") ? "view" : "edit", namespace);
  }
}

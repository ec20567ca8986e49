/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import io.caravan.manager.workload.ControlAccess;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;

/** What the token that a command shows is good for: the API server knows. Thread-safe. */
final class Callers {
  private static final String STATUS = "status";

  private final KubernetesClient client;
  private final String namespace;

  Callers(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** What may be done with a token. */
  enum Verdict {
    ALLOWED,
    /** It is a token, and not for this command. */
    FORBIDDEN,
    UNKNOWN
  }

  /**
   * Whether the command may be given with this token.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if nobody can say
   */
  Verdict mayGive(String token, String command) {
    if (token.isEmpty()) {
      return Verdict.UNKNOWN;
    }
    TokenReview review =
        client
            .resource(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token)
                    .withAudiences(ControlAccess.AUDIENCE)
                    .endSpec()
                    .build())
            .create();
    if (!Boolean.TRUE.equals(review.getStatus().getAuthenticated())
        // A reviewer that knows no audiences names none.
        || !review.getStatus().getAudiences().contains(ControlAccess.AUDIENCE)) {
      return Verdict.UNKNOWN;
    }
    String user = Objects.requireNonNullElse(review.getStatus().getUser().getUsername(), "");
    if (user.equals(account(ControlAccess.EDIT))
        || (user.equals(account(ControlAccess.VIEW)) && command.equals(STATUS))) {
      return Verdict.ALLOWED;
    }
    return Verdict.FORBIDDEN;
  }

  private String account(String name) {
    return "system:serviceaccount:%s:%s".formatted(namespace, name);
  }
}

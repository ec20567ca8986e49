/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

/** By what names a person's commands find the manager, and show that they are allowed. */
public final class ControlAccess {
  /** Tokens of this account are for the state of pipelines. */
  public static final String VIEW = "telemetry-control-view";

  /** Tokens of this account are for everything: dead letters hold what users have sent. */
  public static final String EDIT = "telemetry-control-edit";

  /** For whom these tokens are; an API server takes them from nobody. */
  public static final String AUDIENCE = "telemetry-manager.caravan.io";

  /** An API server takes {@code Authorization} out of what it passes on. */
  public static final String HEADER = "Caravan-Token";

  /** What the API server's proxy passes on to the manager: the port of the webhooks, by TLS. */
  public static final String PROXIED = "https:" + ManagerObjects.WEBHOOK_SERVICE + ":443";

  private ControlAccess() {}
}

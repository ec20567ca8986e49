/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;

/** What one pod has answered to a command. */
sealed interface PodAnswer {
  /** The pod's name. */
  String pod();

  /** It has done it. */
  record Done(String pod, JsonNode result) implements PodAnswer {}

  /** It has not, and says why in a sentence. */
  record Refused(String pod, String why) implements PodAnswer {}

  /** Nobody knows whether it has: there was no answer. */
  record Silent(String pod, String why) implements PodAnswer {}
}

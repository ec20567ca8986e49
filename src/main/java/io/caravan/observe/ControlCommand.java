/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.fasterxml.jackson.databind.JsonNode;

/** Answers a request that came through a {@link ControlSocket}; on a thread that may wait. */
@FunctionalInterface
public interface ControlCommand {
  /**
   * The result.
   *
   * @param request with the command's arguments as its other fields
   * @throws Exception whose message goes to the client
   */
  JsonNode answer(JsonNode request) throws Exception;
}

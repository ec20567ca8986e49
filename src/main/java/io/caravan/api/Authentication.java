/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;
import java.util.Map;

/** How an OTLP output proves who it is; each case is named as its field. */
public sealed interface Authentication {

  /** A user and a password in the header {@code Authorization}. */
  record Basic(ValueType user, ValueType password) implements Authentication {}

  /**
   * OAuth 2.0 client credentials.
   *
   * @param params further parameters of the request to the token endpoint
   */
  record Oauth2(
      ValueType tokenURL,
      ValueType clientID,
      ValueType clientSecret,
      List<String> scopes,
      Map<String, String> params)
      implements Authentication {

    public Oauth2 {
      scopes = List.copyOf(scopes);
      params = Map.copyOf(params);
    }
  }
}

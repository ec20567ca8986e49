/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.camel.spi.Registry;

/**
 * What a Kamelet calls to make the header of basic authentication (RFC 7617) of two secret
 * properties. It takes their references, so that no expression ever holds their text.
 */
public final class BasicAuthorization {
  /** The name in Camel's registry. */
  static final String BEAN = "basicAuthorization";

  private final Registry registry;

  BasicAuthorization(Registry registry) {
    this.registry = registry;
  }

  /** The header's value; a reference to nothing is an empty text. */
  public String of(String user, String password) {
    String credentials = secret(user) + ":" + secret(password);
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private String secret(String reference) {
    String text = registry.lookupByNameAndType(reference, String.class);
    return text == null ? "" : text;
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Optional;

/**
 * TLS of an output; all material is PEM text.
 *
 * @param insecure no TLS at all
 * @param insecureSkipVerify TLS without verification of the server's certificate
 * @param cert the client's certificate, present exactly when the key is
 */
public record Tls(
    boolean insecure,
    boolean insecureSkipVerify,
    Optional<ValueType> ca,
    Optional<ValueType> cert,
    Optional<ValueType> key) {}

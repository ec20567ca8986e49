/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a ready pod.
 *
 * @param since when it was first to be asked
 * @param report what it answered last; empty if it never has
 * @param failure why it did not answer the last time it was asked, for people; empty if it did
 */
public record PodView(
    String pod, Instant since, Optional<PodReport> report, Optional<String> failure) {}

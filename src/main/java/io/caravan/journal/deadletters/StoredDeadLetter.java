/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

/**
 * A dead letter that is there, without its payload.
 *
 * @param bytes of the payload
 */
public record StoredDeadLetter(DeadLetterId id, DeadLetterHeader header, long bytes) {}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The dead letters: what no backend took, kept for people to look at and to send again. A journal
 * of its own, with a place for each pipeline.
 */
@NullMarked
package io.caravan.journal.deadletters;

import org.jspecify.annotations.NullMarked;

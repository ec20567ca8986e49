/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the pods of the data plane say of themselves, and what it means for pipelines. {@link
 * io.caravan.manager.probe.PodReports} asks them; the rest is functions of what they answer.
 */
@NullMarked
package io.caravan.manager.probe;

import org.jspecify.annotations.NullMarked;

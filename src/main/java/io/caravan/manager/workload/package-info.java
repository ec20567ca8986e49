/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the manager deploys, as a function: settings and needs in, Kubernetes objects out.
 *
 * <p>{@link io.caravan.manager.workload.Workloads} is the way in. Nothing here knows a client; two
 * calls with equal arguments give equal objects. No object depends on a pipeline's name, digest or
 * number, so that no change of a pipeline changes a pod template and with it restarts a pod: what
 * the pods run comes to them in shards.
 */
@NullMarked
package io.caravan.manager.workload;

import org.jspecify.annotations.NullMarked;

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One export request on its way through a bare forwarder.
 *
 * @param <M> what a message is on its way
 */
final class ForwardedCall<M> extends ServerCall.Listener<M> {

  private final ForwardedMethod<M> method;
  private final ServerCall<M, M> call;
  private final Channel client;
  private @Nullable M request;

  ForwardedCall(ForwardedMethod<M> method, ServerCall<M, M> call, Channel client) {
    this.method = method;
    this.call = call;
    this.client = client;
    call.request(2);
  }

  @Override
  public void onMessage(M message) {
    request = message;
  }

  @Override
  public void onHalfClose() {
    M message = request;
    if (message == null) {
      call.close(Status.INTERNAL.withDescription("no message"), new Metadata());
      return;
    }
    ClientCall<M, M> onward = client.newCall(method.descriptor(), method.options());
    onward.start(new Answer(), new Metadata());
    onward.request(2);
    onward.sendMessage(message);
    onward.halfClose();
  }

  private final class Answer extends ClientCall.Listener<M> {
    @Override
    public void onMessage(M message) {
      call.sendHeaders(new Metadata());
      call.sendMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      call.close(status, new Metadata());
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static io.caravan.otlp.server.UnusableFileException.naming;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the {@code authorization} field whether a request may be sent at all. Safe for use by
 * any thread.
 */
final class Access {
  private static final OtlpStatus MISSING =
      OtlpStatus.of(
          GrpcCode.UNAUTHENTICATED,
          "The request carries no credentials; this receiver wants an authorization header.");
  private static final OtlpStatus WRONG =
      OtlpStatus.of(
          GrpcCode.UNAUTHENTICATED,
          "The credentials of the authorization header are not valid here.");

  private final CredentialFiles files;
  private volatile Credentials credentials = Credentials.NONE;

  private Access(CredentialFiles files) {
    this.files = files;
  }

  /**
   * Reads the files; those that are to be looked after are added to {@code watched}.
   *
   * @throws UnusableFileException if one cannot be read or used
   */
  static Access open(CredentialFiles files, List<WatchedFiles> watched) {
    Access access = new Access(files);
    files
        .bearerTokens()
        .ifPresent(
            file ->
                watched.add(
                    WatchedFiles.open(
                        "bearer tokens",
                        List.of(file),
                        texts -> naming(file, () -> access.takeTokens(texts)))));
    files
        .basicAuth()
        .ifPresent(
            file ->
                watched.add(
                    WatchedFiles.open(
                        "basic authentication",
                        List.of(file),
                        texts -> naming(file, () -> access.takeUsers(texts)))));
    return access;
  }

  private String takeTokens(List<String> texts) {
    credentials = new Credentials(Credentials.tokens(texts.getFirst()), credentials.passwords());
    return credentials.toString();
  }

  private String takeUsers(List<String> texts) {
    credentials = new Credentials(credentials.tokens(), Credentials.passwords(texts.getFirst()));
    return credentials.toString();
  }

  /** Why a request with that field is not taken; null if it is. */
  @Nullable OtlpStatus refusal(@Nullable CharSequence authorization) {
    if (files.equals(CredentialFiles.NONE)) {
      return null;
    }
    if (authorization == null) {
      return MISSING;
    }
    return credentials.accept(authorization) ? null : WRONG;
  }

  /** What a {@code www-authenticate} field says of the schemes that are taken. */
  String challenge() {
    List<String> schemes = new ArrayList<>();
    files.bearerTokens().ifPresent(_ -> schemes.add("Bearer realm=\"otlp\""));
    files.basicAuth().ifPresent(_ -> schemes.add("Basic realm=\"otlp\", charset=\"UTF-8\""));
    return String.join(", ", schemes);
  }
}

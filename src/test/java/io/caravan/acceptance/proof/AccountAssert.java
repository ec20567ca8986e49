/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import org.assertj.core.api.AbstractAssert;

/** What is promised of an {@link Account}. */
final class AccountAssert extends AbstractAssert<AccountAssert, Account> {

  private AccountAssert(Account account) {
    super(account, AccountAssert.class);
  }

  static AccountAssert assertThat(Account account) {
    return new AccountAssert(account);
  }

  /** Everything acknowledged was delivered, and enough was that it means something. */
  AccountAssert lostNothingOf(long atLeast) {
    return holds(actual.lost() == 0, "lost " + actual.lost())
        .holds(
            actual.acknowledged() >= atLeast,
            "acknowledged %d, expected %d".formatted(actual.acknowledged(), atLeast));
  }

  AccountAssert keptTheOrderOfEachSender() {
    return holds(actual.outOfOrder() == 0, "out of order " + actual.outOfOrder());
  }

  AccountAssert duplicatedAtMost(long records) {
    return holds(
        actual.duplicates() <= records,
        "duplicates %d, allowed %d".formatted(actual.duplicates(), records));
  }

  AccountAssert refusedNothing() {
    return holds(
        actual.refused() == 0,
        "refused for good %d, the last with %s".formatted(actual.refused(), actual.lastRefusal()));
  }

  AccountAssert stayedWithinMebibytes(long most) {
    return holds(
        actual.peakMebibytes() <= most,
        "MiB %d, allowed %d".formatted(actual.peakMebibytes(), most));
  }

  private AccountAssert holds(boolean condition, String otherwise) {
    isNotNull();
    if (!condition) {
      failWithMessage("%s%n%s", otherwise, actual);
    }
    return this;
  }
}

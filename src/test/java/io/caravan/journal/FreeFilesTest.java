/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.journal.ForgetfulFolder.Operation;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Which files wait to be written over, and how many. */
class FreeFilesTest {
  private static final long SEGMENT_BYTES = 4 << 10;

  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final FreeFiles freeFiles = new FreeFiles(folder, SEGMENT_BYTES);

  @Test
  void shouldGiveAFileOnce() throws IOException {
    freeFiles.retire(ended(1));
    assertThat(freeFiles.diskBytes()).isEqualTo(SEGMENT_BYTES);

    assertThat(freeFiles.take()).hasValue(SegmentHeader.fileName(1) + ".free");
    assertThat(freeFiles.take()).isEmpty();
    assertThat(freeFiles.diskBytes()).isZero();
  }

  @Test
  void shouldKeepAFewAndDeleteTheOthers() throws IOException {
    for (int i = 1; i <= 10; i++) {
      freeFiles.retire(ended(i));
    }

    assertThat(folder.list()).hasSize(4).allMatch(name -> name.endsWith(".free"));
    assertThat(freeFiles.diskBytes()).isEqualTo(4 * SEGMENT_BYTES);
  }

  @Test
  void shouldNotKeepAFileThatSomebodyReads() throws IOException {
    Segment segment = ended(1);
    assertThat(segment.enter()).isTrue();

    freeFiles.retire(segment);

    assertThat(freeFiles.take()).isEmpty();
    assertThat(folder.list()).isEmpty();
    assertThat(segment.enter()).as("nobody begins to read it").isFalse();
  }

  @Test
  void shouldNotKeepAFileOfASegmentThatWasNotEnded() throws IOException {
    Segment segment = segment(1);
    segment.close();

    freeFiles.retire(segment);

    assertThat(folder.list()).isEmpty();
  }

  @Test
  void shouldNotKeepAFileWithHoles() throws IOException {
    Segment segment = ended(1);
    segment.compacting();

    freeFiles.retire(segment);

    assertThat(folder.list()).isEmpty();
  }

  @Test
  void shouldNotKeepAFileThatIsMuchLargerThanASegment() throws IOException {
    Segment segment = ended(1);
    segment.diskBytes(3 * SEGMENT_BYTES);

    freeFiles.retire(segment);

    assertThat(folder.list()).isEmpty();
  }

  @Test
  void shouldGiveAllBackWhenTheFileSystemHasLittleLeftAndKeepAgainWhenItHasMore()
      throws IOException {
    freeFiles.retire(ended(1));
    freeFiles.look(16 * SEGMENT_BYTES);
    assertThat(folder.list()).isEmpty();
    freeFiles.retire(ended(2));
    assertThat(folder.list()).isEmpty();

    freeFiles.look(16 * SEGMENT_BYTES + 1);
    freeFiles.retire(ended(3));
    assertThat(folder.list()).hasSize(1);
  }

  @Test
  void shouldNotGiveAFileWhoseOldNameMayComeBack() throws IOException {
    Segment segment = ended(1);
    folder.failing((operation, _) -> operation == Operation.SYNC_FOLDER);

    assertThatThrownBy(() -> freeFiles.retire(segment)).isInstanceOf(IOException.class);

    assertThat(freeFiles.take()).isEmpty();
    assertThat(folder.afterPowerLoss(Left.NOTHING, 0).list()).doesNotContain(".free");
  }

  private Segment ended(int number) throws IOException {
    Segment segment = segment(number);
    segment.close();
    segment.ended();
    return segment;
  }

  private Segment segment(int number) throws IOException {
    Segment segment = new Segment(number, 42);
    segment.diskBytes(SEGMENT_BYTES);
    folder.create(segment.fileName()).close();
    folder.sync();
    return segment;
  }
}

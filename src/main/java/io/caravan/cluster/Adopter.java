/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import io.caravan.node.AdoptedFolder;
import io.caravan.node.Node;
import io.caravan.standalone.DataFolder;
import io.caravan.standalone.DataFolderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every folder that an instance of this node has left, has what is in it delivered, and
 * removes it. On a thread of its own, which looks for folders every ten seconds.
 */
public final class Adopter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final long LOOK_NANOS = 10_000_000_000L;

  /** Between two portions when the pipelines had no room for the first. */
  private static final long WAIT_MILLIS = 100;

  private record Adopted(DataFolder folder, AdoptedFolder content) {}

  private final InstanceFolders folders;
  private final Node node;
  private final List<Adopted> adopted = new ArrayList<>();
  private final Thread thread = Thread.ofPlatform().daemon().name("adopter").unstarted(this::run);
  private volatile boolean closing;

  /**
   * @param node runs a plan
   */
  public Adopter(InstanceFolders folders, Node node) {
    this.folders = folders;
    this.node = node;
  }

  /** Looks at once, and from then on. */
  public void start() {
    thread.start();
  }

  private void run() {
    long looked = System.nanoTime() - LOOK_NANOS;
    while (!closing) {
      if (System.nanoTime() - looked >= LOOK_NANOS) {
        looked = System.nanoTime();
        look();
      }
      boolean moved = false;
      for (Adopted each : List.copyOf(adopted)) {
        moved |= !closing && move(each);
      }
      try {
        if (!moved) {
          Thread.sleep(WAIT_MILLIS);
        }
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void look() {
    try {
      for (DataFolder folder : folders.orphans()) {
        adopt(folder);
      }
    } catch (DataFolderException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("No folders can be adopted");
    }
  }

  private void adopt(DataFolder folder) throws DataFolderException {
    try {
      adopted.add(new Adopted(folder, node.adopt(folder.path())));
      LOG.atInfo().addKeyValue("folder", folder.path()).log("Folder of another instance adopted");
    } catch (IOException e) {
      LOG.atError()
          .addKeyValue("folder", folder.path())
          .addKeyValue("why", e.toString())
          .log("Folder of another instance cannot be read; it is left as it is");
      folders.leave(folder);
    }
  }

  /** Whether anything was moved. */
  private boolean move(Adopted each) {
    try {
      boolean moved = each.content.move();
      if (each.content.isDelivered()) {
        adopted.remove(each);
        end(each);
      }
      return moved;
    } catch (IOException | DataFolderException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("folder", each.folder.path())
          .addKeyValue("why", e.toString())
          .log("Folder of another instance is not delivered yet; tried again");
      return false;
    }
  }

  private void end(Adopted each) throws IOException, DataFolderException {
    boolean empty = each.content.isEmpty();
    each.content.close();
    if (empty && folders.remove(each.folder)) {
      LOG.atInfo()
          .addKeyValue("folder", each.folder.path())
          .log("Folder of another instance is empty and gone");
    } else {
      if (!empty) {
        folders.leave(each.folder);
      }
      LOG.atInfo()
          .addKeyValue("folder", each.folder.path())
          .log("Folder of another instance has dead letters or files; the next instance takes it");
    }
  }

  /** Ends what it is at; what is left in folders is there for the next. */
  @Override
  public void close() throws IOException {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (Adopted each : adopted) {
      each.content.close();
      each.folder.close();
    }
  }
}

/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineFlow;
import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.api.RetainedAmount;
import io.caravan.journal.Journal;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.observe.ledger.Ledger;
import io.caravan.observe.ledger.LedgerCheck;
import io.caravan.otlp.OtlpConsumer;
import io.caravan.plan.Plan;
import io.caravan.signal.SignalComponent;
import io.caravan.signal.Subscriptions;
import io.caravan.signal.books.DroppedLetters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.main.Main;
import org.apache.camel.model.ModelCamelContext;
import org.jspecify.annotations.Nullable;

/**
 * A data plane: one Camel context that runs a plan.
 *
 * <p>{@link #apply} is serialised by the node itself; {@link #states} may be called from any
 * thread.
 */
public final class Node implements AutoCloseable {
  static final String GATEWAY = "routes/gateway.camel.yaml";
  private static final String GATEWAY_ROUTE = "gateway";

  private final NodeSettings settings;
  private final String gateway;
  private final Main main;
  private final ModelCamelContext context;
  private final Subscriptions subscriptions;
  private final PipelineSwapper pipelines;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** A node that counts nothing and keeps nothing: a sender hears what the backend says. */
  public Node(NodeSettings settings) {
    this(settings, new CompositeMeterRegistry());
  }

  public Node(NodeSettings settings, MeterRegistry meters) {
    this(settings, meters, GATEWAY, null, null);
  }

  /**
   * A node that keeps in a journal what it has accepted, and what no backend takes as dead letters;
   * both stay the caller's to close.
   */
  public Node(
      NodeSettings settings, MeterRegistry meters, Journal journal, DeadLetters deadLetters) {
    this(settings, meters, GATEWAY, journal, deadLetters);
  }

  /** A node with another front door, a resource on the class path, for tests. */
  Node(
      NodeSettings settings,
      MeterRegistry meters,
      String gateway,
      @Nullable Journal journal,
      @Nullable DeadLetters deadLetters) {
    this.settings = settings;
    this.gateway = gateway;
    this.main = CamelHost.create(settings, meters, journal, deadLetters);
    this.context = (ModelCamelContext) main.getCamelContext();
    this.subscriptions = context.getComponent("signal", SignalComponent.class).subscriptions();
    this.pipelines =
        new PipelineSwapper(new PipelineLoader(context), subscriptions, settings.drainTimeout());
  }

  /**
   * Starts Camel, loads the first plan and then opens the ports.
   *
   * @throws Exception if a port cannot be listened on; close the node then. A pipeline that fails
   *     to load is no reason: {@link #states} says so
   */
  public void start(Plan plan) throws Exception {
    main.start();
    CamelHost.loadRoutes(context, "routes/pipeline.camel.yaml");
    pipelines.apply(plan);
    CamelHost.loadRoutes(context, gateway);
  }

  /**
   * Starts, replaces and drains exactly the pipelines that changed. Returns when the new routes
   * take over; the old ones drain behind.
   */
  public void apply(Plan plan) {
    pipelines.apply(plan);
  }

  public List<PipelineState> states() {
    return pipelines.states();
  }

  /** The pipelines whose last batch was not delivered, which may change with the next. */
  public SortedMap<PipelineId, DeliveryFailure> deliveryFailures() {
    return subscriptions.failures();
  }

  /**
   * What deleted pipelines of the plan still have to deliver. One that is not here has ended: it
   * needs not be planned any more.
   */
  public SortedMap<PipelineId, Remainder> remainders() {
    return subscriptions.remainders();
  }

  /** What pipelines have delivered and keep for replay; without those that are to keep nothing. */
  public SortedMap<PipelineId, RetainedAmount> retained() {
    return subscriptions.retained();
  }

  /**
   * Replays of what this node keeps.
   *
   * @throws IllegalStateException if it keeps nothing
   */
  public ReplayControl replays() {
    return new ReplayControl(
        subscriptions
            .replays()
            .orElseThrow(() -> new IllegalStateException("a node without a journal")));
  }

  /** What became of all records that the pipelines have taken. */
  public Ledger ledger() {
    return subscriptions.ledger();
  }

  /** The check of the ledger that runs every minute. */
  public LedgerCheck ledgerCheck() {
    return subscriptions.ledgerCheck();
  }

  /**
   * When what waits longest for delivery was accepted; empty if nothing waits. Reads files, so not
   * on an event loop.
   */
  public Optional<Instant> oldest(PipelineId id) {
    return subscriptions.oldest(id);
  }

  /** What becomes of the records of pipelines that are not deleted. Reads files. */
  public SortedMap<PipelineId, PipelineFlow> flows() {
    return subscriptions.flows();
  }

  /** Dead letters are there no longer, which the ledger is to know. */
  public void deadLettersDropped(DroppedLetters dropped) {
    subscriptions.deadLettersDropped(dropped);
  }

  /**
   * Takes over the folder of a node that has ended.
   *
   * @param data locked by the caller, who closes the result before this node
   * @throws IOException if what is in it cannot be read; the message is for people
   */
  public AdoptedFolder adopt(Path data) throws IOException {
    return AdoptedFolder.open(data, subscriptions, pipelines::applyAgain);
  }

  /** The ports that are listened on; 0 before {@link #start}. */
  public int grpcPort() {
    return context.getRoute(GATEWAY_ROUTE) == null ? 0 : receiver().grpcPort();
  }

  public int httpPort() {
    return context.getRoute(GATEWAY_ROUTE) == null ? 0 : receiver().httpPort();
  }

  private OtlpConsumer receiver() {
    return (OtlpConsumer) context.getRoute(GATEWAY_ROUTE).getConsumer();
  }

  /**
   * Stops accepting, answers what is in flight, at most for the drain timeout, and stops. What
   * waits for delivery is delivered before if the settings say so, within the same bound.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    pipelines.stopSoon();
    new NodeStop(settings, main, subscriptions, pipelines, GATEWAY_ROUTE).run();
  }

  /** For tests, which look into it. */
  ModelCamelContext context() {
    return context;
  }
}

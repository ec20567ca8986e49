/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the benchmark is asked to do.
 *
 * @param cells what is measured, in turn
 * @param overloads what is overloaded after that
 * @param connections of the generator, over gRPC
 * @param repetitions how often each system of a cell is started anew and measured
 * @param warmUpSeconds load before the first window, for the JIT compilers
 * @param windowSeconds how long each measurement lasts
 * @param overloadSeconds how long an overload lasts
 * @param coldStarts how often the quickstart is started
 */
record Options(
    List<Cell> cells,
    List<Overload> overloads,
    int connections,
    int inFlight,
    int repetitions,
    int warmUpSeconds,
    int windowSeconds,
    int overloadSeconds,
    int coldStarts,
    Path launcher,
    Path output) {

  private static final String EVERY_SYSTEM = "floor,plain,route,caravan,collector,collector-queue";

  boolean runsCaravan() {
    return coldStarts > 0
        || !overloads.isEmpty()
        || cells.stream()
            .flatMap(cell -> cell.systems().stream())
            .anyMatch(CaravanServer.class::isInstance);
  }

  static Options parse(String... commandLine) {
    Arguments arguments = new Arguments(commandLine);
    Path launcher = Path.of(arguments.text("caravan", "./caravan")).toAbsolutePath();
    KnownSystems systems = systems(arguments, launcher);
    int inFlight = arguments.number("in-flight", 8);
    CellSet set = CellSet.named(arguments.text("set", "standard"));
    Optional<String> chosen = arguments.text("cells");
    boolean all = set == CellSet.STANDARD && chosen.isEmpty();
    Options parsed =
        new Options(
            cells(arguments, set, chosen, systems, new OfferedLoad.Saturation(inFlight)),
            Overload.parse(
                arguments.text("overloads", all ? "fast,slow" : ""),
                systems.named(
                    arguments.text("overload-systems", "caravan,collector-queue").split(",", -1))),
            arguments.number("connections", 2),
            inFlight,
            arguments.number("repetitions", 1),
            arguments.number("warm-up", set.warmUpSeconds()),
            arguments.number("window", set.windowSeconds()),
            arguments.number("overload-seconds", 30),
            arguments.number("cold-starts", all ? 5 : 0),
            launcher,
            Path.of(arguments.text("output", "target/bench")));
    arguments.refuseUnknown();
    return parsed;
  }

  private static KnownSystems systems(Arguments arguments, Path launcher) {
    Path collector =
        Path.of(
            arguments.text(
                "collector",
                System.getProperty("user.home") + "/.cache/caravan/peers/otelcol-0.160.0"));
    int eventLoops = arguments.number("floor-event-loops", 1);
    return new KnownSystems(
        List.of(
            new Forwarder(Forwarder.Kind.FLOOR, eventLoops),
            new Forwarder(Forwarder.Kind.PLAIN, eventLoops),
            new Forwarder(Forwarder.Kind.ROUTE, eventLoops),
            new CaravanServer(launcher, "delivered"),
            new CaravanServer(launcher, "memory"),
            new CaravanServer(launcher, "disk"),
            new Collector(collector, Collector.Queue.NONE),
            new Collector(collector, Collector.Queue.DEFAULT)));
  }

  private static List<Cell> cells(
      Arguments arguments,
      CellSet set,
      Optional<String> chosen,
      KnownSystems systems,
      OfferedLoad.Saturation saturation) {
    Optional<String> wanted = arguments.text("systems");
    Optional<String> loads = arguments.text("loads");
    List<Cell> cells = new ArrayList<>();
    if (chosen.isPresent()) {
      List<SystemUnderTest> all = systems.named(wanted.orElse(EVERY_SYSTEM).split(",", -1));
      List<OfferedLoad> offered =
          OfferedLoad.parse(loads.orElse("saturation,100000").split(",", -1), saturation);
      for (String text : chosen.get().split(",", -1)) {
        if (!text.isBlank()) {
          Workload.parse(text).forEach(workload -> cells.add(new Cell(workload, offered, all)));
        }
      }
      return cells;
    }
    for (Cell cell : set.cells(systems, saturation)) {
      List<SystemUnderTest> some =
          wanted
              .map(names -> systems.named(names.split(",", -1)))
              .map(named -> cell.systems().stream().filter(named::contains).toList())
              .orElse(cell.systems());
      List<OfferedLoad> offered =
          loads
              .map(text -> OfferedLoad.parse(text.split(",", -1), saturation))
              .orElse(cell.loads());
      cells.add(new Cell(cell.workload(), offered, some));
    }
    return cells;
  }
}

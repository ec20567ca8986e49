/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the benchmark is asked to do, from {@code --name=value} arguments.
 *
 * @param systems what is measured, in turn
 * @param loads saturation and fixed rates, in the order in which each system gets them
 * @param repetitions how often each system is started anew and measured
 * @param warmUpSeconds load before the first window, for the JIT compilers
 * @param windowSeconds how long each measurement lasts
 */
record Options(
    List<SystemUnderTest> systems,
    List<OfferedLoad> loads,
    Workload workload,
    int connections,
    int repetitions,
    int warmUpSeconds,
    int windowSeconds,
    int coldStarts,
    Path launcher,
    Path output) {

  boolean runsCaravan() {
    return coldStarts > 0 || systems.stream().anyMatch(CaravanServer.class::isInstance);
  }

  static Options parse(String... arguments) {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (!parts[0].startsWith("--") || parts.length < 2) {
        throw new IllegalArgumentException("expected --name=value, found " + argument);
      }
      given.put(parts[0].substring(2), parts[1]);
    }
    Given options = new Given(given);
    Path launcher = Path.of(options.text("caravan", "./caravan")).toAbsolutePath();
    Path collector =
        Path.of(
            options.text(
                "collector",
                System.getProperty("user.home") + "/.cache/caravan/peers/otelcol-0.160.0"));
    int eventLoops = options.number("floor-event-loops", 1);
    int inFlight = options.number("in-flight", 8);
    Options parsed =
        new Options(
            systems(
                options.text("systems", "floor,grpc-java,route,caravan,collector,collector-queue"),
                List.of(
                    Forwarder.best(eventLoops),
                    Forwarder.plain(),
                    Forwarder.route(),
                    new CaravanServer(launcher),
                    new Collector(collector, Collector.Queue.NONE),
                    new Collector(collector, Collector.Queue.DEFAULT))),
            loads(options.text("rates", "100000"), inFlight),
            new Workload(options.number("spans", 512), options.number("span-bytes", 400)),
            options.number("connections", 2),
            options.number("repetitions", 3),
            options.number("warm-up", 12),
            options.number("window", 10),
            options.number("cold-starts", 5),
            launcher,
            Path.of(options.text("output", "target/bench")));
    options.refuseUnknown();
    return parsed;
  }

  private static List<OfferedLoad> loads(String rates, int inFlight) {
    List<OfferedLoad> loads = new ArrayList<>();
    loads.add(new OfferedLoad.Saturation(inFlight));
    Arrays.stream(rates.split(",", -1))
        .filter(rate -> !rate.isBlank())
        .forEach(rate -> loads.add(new OfferedLoad.FixedRate(Integer.parseInt(rate.strip()))));
    return loads;
  }

  private static List<SystemUnderTest> systems(String names, List<SystemUnderTest> known) {
    List<SystemUnderTest> systems = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      if (name.isBlank()) {
        continue;
      }
      systems.add(
          known.stream()
              .filter(system -> system.title().equals(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no system is called "
                              + name
                              + "; there are "
                              + known.stream().map(SystemUnderTest::title).toList())));
    }
    return systems;
  }

  private static final class Given {
    private final Map<String, String> given;
    private final Set<String> known = new HashSet<>();

    Given(Map<String, String> given) {
      this.given = given;
    }

    String text(String name, String otherwise) {
      known.add(name);
      return given.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
      String value = text(name, Integer.toString(otherwise));
      try {
        return Integer.parseInt(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("--" + name + " is a whole number, not " + value, e);
      }
    }

    void refuseUnknown() {
      Set<String> unknown = new HashSet<>(given.keySet());
      unknown.removeAll(known);
      if (!unknown.isEmpty()) {
        throw new IllegalArgumentException(
            "unknown options " + unknown + "; there are " + known.stream().sorted().toList());
      }
    }
  }
}

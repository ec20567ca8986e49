/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

import io.caravan.api.yaml.YamlNode.Entry;
import io.caravan.api.yaml.YamlNode.Mapping;
import io.caravan.api.yaml.YamlNode.Scalar;
import io.caravan.api.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/**
 * Makes nodes of a parser's events. It bounds what hostile text can cost: the depth, and the number
 * of nodes after aliases are expanded. One use.
 */
final class YamlComposer {

  /** Deeper than any resource, and shallow enough for recursion. */
  private static final int DEEPEST = 100;

  private static final String MERGE = "<<";

  private final Iterator<Event> events;
  private final int firstLine;
  private final long mostNodes;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();

  /**
   * Reads from behind the event that starts a document.
   *
   * @param firstLine the line of the file at which the events' text begins
   */
  YamlComposer(Iterator<Event> events, int firstLine, long mostNodes) {
    this.events = events;
    this.firstLine = firstLine;
    this.mostNodes = mostNodes;
  }

  YamlNode compose() throws YamlException {
    return node(events.next(), 0);
  }

  private YamlNode node(Event event, int depth) throws YamlException {
    Place place = place(event);
    if (depth > DEEPEST) {
      throw new YamlException(place, "nested deeper than %d levels".formatted(DEEPEST));
    }
    if (event instanceof AliasEvent alias) {
      YamlNode target = anchors.get(alias.getAlias());
      if (target == null) {
        throw new YamlException(
            place,
            "alias *%s stands for an anchor that is not defined before it, or for a node that it is part of"
                .formatted(alias.getAlias()));
      }
      return target;
    }
    YamlNode node =
        switch (event) {
          case ScalarEvent scalar ->
              new Scalar(place, scalar.getValue(), scalar.isPlain(), scalar.getTag().orElse(null));
          case SequenceStartEvent start -> sequence(place, depth);
          case MappingStartEvent start -> mapping(place, depth);
          default -> throw new YamlException(place, "expected a value");
        };
    ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    return node;
  }

  private Sequence sequence(Place place, int depth) throws YamlException {
    List<YamlNode> items = new ArrayList<>();
    long size = 1;
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      YamlNode item = node(event, depth + 1);
      size = bounded(size + item.size(), item.place());
      items.add(item);
    }
    return new Sequence(place, items, size);
  }

  private Mapping mapping(Place place, int depth) throws YamlException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<Mapping> merged = new ArrayList<>();
    long size = 1;
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      Scalar key = key(event, depth);
      YamlNode value = node(events.next(), depth + 1);
      size = bounded(size + value.size(), value.place());
      if (key.plain() && key.text().equals(MERGE)) {
        collect(value, merged);
      } else {
        Entry before = entries.putIfAbsent(key.text(), new Entry(key.place(), value));
        if (before != null) {
          throw new YamlException(
              key.place(),
              "the key '%s' stands here a second time; the first is in line %d"
                  .formatted(Texts.shortened(key.text()), before.key().line()));
        }
      }
    }
    for (Mapping source : merged) {
      source.entries().forEach(entries::putIfAbsent);
    }
    return new Mapping(place, entries, size);
  }

  private Scalar key(Event event, int depth) throws YamlException {
    if (node(event, depth + 1) instanceof Scalar key && !(key.plain() && key.text().isEmpty())) {
      return key;
    }
    throw new YamlException(place(event), "a key must be text, not empty, a list or a mapping");
  }

  private static void collect(YamlNode value, List<Mapping> merged) throws YamlException {
    switch (value) {
      case Mapping mapping -> merged.add(mapping);
      case Sequence sequence -> {
        for (YamlNode item : sequence.items()) {
          collect(item, merged);
        }
      }
      case Scalar scalar ->
          throw new YamlException(scalar.place(), "<< merges a mapping or a list of mappings");
    }
  }

  private long bounded(long size, Place place) throws YamlException {
    if (size > mostNodes) {
      throw new YamlException(
          place, "more than %d values with all aliases expanded".formatted(mostNodes));
    }
    return size;
  }

  private Place place(Event event) {
    return event
        .getStartMark()
        .map(mark -> new Place(firstLine + mark.getLine(), mark.getColumn() + 1))
        .orElse(new Place(firstLine, 1));
  }
}

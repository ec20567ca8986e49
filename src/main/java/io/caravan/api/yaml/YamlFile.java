/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

import io.caravan.api.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The documents of a text, each read by itself, so that one that is broken does not hide the
 * others.
 *
 * @param documents those that could be read and are not empty
 * @param errors one for each that could not
 */
public record YamlFile(List<YamlDocument> documents, List<YamlException> errors) {

  /** In characters; the largest object that an API server stores has 1.5 MiB. */
  private static final int LONGEST = 8 * 1024 * 1024;

  /** Of one document; far more than a resource has, and little enough for a second's work. */
  private static final long MOST_NODES = 200_000;

  private static final Pattern SEPARATOR = Pattern.compile("---([ \t].*)?");

  public YamlFile {
    documents = List.copyOf(documents);
    errors = List.copyOf(errors);
  }

  /** Reads a text. Does not throw, whatever the text. */
  public static YamlFile read(String text) {
    List<YamlDocument> documents = new ArrayList<>();
    List<YamlException> errors = new ArrayList<>();
    if (text.length() > LONGEST) {
      errors.add(new YamlException(new Place(1, 1), "longer than %d MiB".formatted(LONGEST >> 20)));
      return new YamlFile(documents, errors);
    }
    StringBuilder chunk = new StringBuilder();
    int firstLine = 1;
    int line = 1;
    for (String content : (Iterable<String>) text.lines()::iterator) {
      if (SEPARATOR.matcher(content).matches()) {
        read(chunk.toString(), firstLine, documents, errors);
        chunk.setLength(0);
        firstLine = line;
        // The marker stays, so that columns and what stands behind it on its line are as in the
        // file.
      }
      chunk.append(content).append('\n');
      line++;
    }
    read(chunk.toString(), firstLine, documents, errors);
    return new YamlFile(documents, errors);
  }

  private static void read(
      String chunk, int firstLine, List<YamlDocument> documents, List<YamlException> errors) {
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setCodePointLimit(LONGEST).build();
    OptionalInt unpaired = unpairedSurrogate(chunk);
    if (unpaired.isPresent()) {
      // The parser throws an exception of its own making where its buffer ends with one.
      errors.add(
          new YamlException(
              place(chunk, unpaired.getAsInt(), firstLine),
              "half of a surrogate pair stands here"));
      return;
    }
    try {
      Iterator<Event> events = new Parse(settings).parseString(chunk).iterator();
      while (events.hasNext()) {
        if (events.next().getEventId() == Event.ID.DocumentStart) {
          YamlNode root = new YamlComposer(events, firstLine, MOST_NODES).compose();
          if (!(root instanceof Scalar scalar && scalar.plain() && scalar.text().isEmpty())) {
            documents.add(new YamlDocument(root, chunk));
          }
        }
      }
    } catch (YamlException e) {
      errors.add(e);
    } catch (MarkedYamlEngineException e) {
      errors.add(new YamlException(place(e, firstLine), message(e)));
    } catch (ReaderException e) {
      errors.add(
          new YamlException(
              place(chunk, e.getPosition(), firstLine),
              "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint())));
    } catch (YamlEngineException | IndexOutOfBoundsException e) {
      // A parser of hostile text may run over its own buffers: that too is no more than bad text.
      errors.add(new YamlException(new Place(firstLine, 1), "not YAML: " + e.getMessage()));
    }
  }

  private static OptionalInt unpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return OptionalInt.of(i);
        }
        i++;
      }
    }
    return OptionalInt.empty();
  }

  private static Place place(MarkedYamlEngineException e, int firstLine) {
    return e.getProblemMark()
        .or(e::getContextMark)
        .map(mark -> new Place(firstLine + mark.getLine(), mark.getColumn() + 1))
        .orElse(new Place(firstLine, 1));
  }

  private static Place place(String chunk, int position, int firstLine) {
    String before = chunk.substring(0, Math.min(position, chunk.length()));
    int lineStart = before.lastIndexOf('\n') + 1;
    return new Place(
        firstLine + (int) before.chars().filter(c -> c == '\n').count(),
        before.length() - lineStart + 1);
  }

  private static String message(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    String context = e.getContext() == null ? "" : " " + e.getContext();
    return problem.contains("TAB") || problem.contains("\\t")
        ? "a tab stands here; YAML is indented with spaces only"
        : "not YAML: " + Texts.shortened(problem) + context;
  }
}

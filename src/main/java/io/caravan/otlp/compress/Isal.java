/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The functions of Intel's ISA-L (libisal 2) that inflate and deflate, where the library is
 * installed: Debian and Ubuntu {@code libisal2}, Alpine {@code isa-l}, Fedora {@code isa-l}; for
 * x86-64 and aarch64.
 */
record Isal(
    MethodHandle inflateInit,
    MethodHandle inflate,
    MethodHandle deflateInit,
    MethodHandle deflate) {

  private static final List<String> NAMES = List.of("libisal.so.2", "libisal.2.dylib", "isa-l.dll");

  /** The library, if it is there and the layouts are those that this program knows. */
  static Optional<Isal> load() {
    if (ADDRESS.byteSize() != Long.BYTES) {
      return Optional.empty();
    }
    for (String name : NAMES) {
      Optional<Isal> found = load(name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("restricted") // the program runs with native access enabled (decision 0008)
  private static Optional<Isal> load(String name) {
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(name, Arena.global());
    } catch (IllegalArgumentException | IllegalCallerException notThere) {
      return Optional.empty(); // not installed, or native access is not enabled
    }
    FunctionDescriptor init = FunctionDescriptor.ofVoid(ADDRESS);
    FunctionDescriptor step = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    try {
      return Optional.of(
          new Isal(
              function(library, "isal_inflate_init", init),
              function(library, "isal_inflate", step),
              function(library, "isal_deflate_init", init),
              function(library, "isal_deflate", step)));
    } catch (NoSuchElementException foreign) {
      return Optional.empty(); // another library of that name
    }
  }

  @SuppressWarnings("restricted") // as above; the signatures are those of igzip_lib.h
  private static MethodHandle function(
      SymbolLookup library, String name, FunctionDescriptor signature) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), signature);
  }

  static void init(MethodHandle function, MemorySegment struct) {
    try {
      function.invokeExact(struct);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int step(MethodHandle function, MemorySegment struct) {
    try {
      return (int) function.invokeExact(struct);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** A C function throws nothing; what comes is the linker's own. */
  private static RuntimeException unexpected(Throwable t) {
    if (t instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("calling libisal", t);
  }
}

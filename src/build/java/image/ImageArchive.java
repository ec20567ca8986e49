/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The archive of an image: an OCI image layout (image-spec 1.1) in a tar file, for containerd,
 * Podman and skopeo, with the {@code manifest.json} that Docker before 25 looks for.
 *
 * @param name the image's, with its tag
 * @param created the time that everything has
 */
record ImageArchive(String name, Instant created) {
  private static final String TYPE = "application/vnd.oci.image.";

  /**
   * Writes it.
   *
   * @param config of the process, as JSON
   * @param layers from the lowest to the highest
   */
  void write(Path archive, String config, List<PackedLayer> layers) throws IOException {
    SortedMap<String, TarEntry> entries = new TreeMap<>();
    for (PackedLayer layer : layers) {
      String path = blob(Digests.sha256(layer.file()));
      entries.put(path, TarEntry.of(path, layer.file(), 0644));
    }
    byte[] image = image(config, layers).getBytes(UTF_8);
    byte[] manifest = manifest(image, layers).getBytes(UTF_8);
    put(entries, blob(digest(image)), image);
    put(entries, blob(digest(manifest)), manifest);
    put(entries, "index.json", index(manifest).getBytes(UTF_8));
    put(entries, "manifest.json", docker(image, layers).getBytes(UTF_8));
    put(entries, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8));
    for (String folder : List.of("blobs/", "blobs/sha256/")) {
      entries.put(folder, TarEntry.folder(folder, 0, 0755));
    }
    Path draft = archive.resolveSibling(archive.getFileName() + ".draft");
    try (OutputStream tar = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16)) {
      for (TarEntry entry : entries.values()) {
        entry.write(tar, created);
      }
      tar.write(TarEntry.end());
    }
    Files.move(draft, archive, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The processor's name in images. */
  static String architecture() {
    return Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64")
        .getOrDefault(System.getProperty("os.arch"), System.getProperty("os.arch"));
  }

  private String image(String config, List<PackedLayer> layers) {
    return """
    {"created":"%s","architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]}}"""
        .formatted(
            created,
            architecture(),
            config,
            layers.stream()
                .map(layer -> "\"sha256:" + layer.contentDigest() + "\"")
                .collect(joining(",")));
  }

  private static String manifest(byte[] image, List<PackedLayer> layers) throws IOException {
    StringBuilder all = new StringBuilder();
    for (PackedLayer layer : layers) {
      all.append(all.isEmpty() ? "" : ",")
          .append(
              descriptor(
                  "layer.v1.tar+gzip", Digests.sha256(layer.file()), Files.size(layer.file()), ""));
    }
    return """
    {"schemaVersion":2,"mediaType":"%smanifest.v1+json","config":%s,"layers":[%s]}"""
        .formatted(TYPE, descriptor("config.v1+json", digest(image), image.length, ""), all);
  }

  /** containerd and Docker take the name from the one annotation, Podman from the other. */
  private String index(byte[] manifest) {
    String annotations =
        """
        ,"platform":{"architecture":"%s","os":"linux"},"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}"""
            .formatted(architecture(), name, name);
    return """
    {"schemaVersion":2,"mediaType":"%sindex.v1+json","manifests":[%s]}"""
        .formatted(
            TYPE, descriptor("manifest.v1+json", digest(manifest), manifest.length, annotations));
  }

  private String docker(byte[] image, List<PackedLayer> layers) throws IOException {
    StringBuilder all = new StringBuilder();
    for (PackedLayer layer : layers) {
      all.append(all.isEmpty() ? "" : ",")
          .append('"')
          .append(blob(Digests.sha256(layer.file())))
          .append('"');
    }
    return """
    [{"Config":"%s","RepoTags":["%s"],"Layers":[%s]}]"""
        .formatted(blob(digest(image)), name, all);
  }

  private static String descriptor(String type, String digest, long size, String more) {
    return """
    {"mediaType":"%s%s","digest":"sha256:%s","size":%d%s}"""
        .formatted(TYPE, type, digest, size, more);
  }

  private static void put(Map<String, TarEntry> entries, String path, byte[] content) {
    entries.put(path, TarEntry.of(path, content, 0644));
  }

  private static String blob(String digest) {
    return "blobs/sha256/" + digest;
  }

  private static String digest(byte[] content) {
    var digest = Digests.sha256();
    digest.update(content);
    return Digests.text(digest);
  }
}

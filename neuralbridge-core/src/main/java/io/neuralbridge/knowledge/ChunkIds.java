package io.neuralbridge.knowledge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Ids that follow from content: a UUID of version 8 over SHA-256 of document, metadata, heading,
 * text and, for a text that stands several times in a document, how many came before. One instance
 * serves one run of one document.
 */
final class ChunkIds {

  private final MessageDigest digest = sha256();
  private final Map<UUID, Integer> seen = new HashMap<>();
  private final String document;
  private final Map<String, String> metadata;

  ChunkIds(String document, Map<String, String> metadata) {
    this.document = document;
    this.metadata = new TreeMap<>(metadata);
  }

  String next(String heading, String text) {
    UUID content = hash(heading, text, 0);
    int before = seen.merge(content, 1, Integer::sum) - 1;
    return (before == 0 ? content : hash(heading, text, before)).toString();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private UUID hash(String heading, String text, int before) {
    add(document);
    metadata.forEach(
        (key, value) -> {
          add(key);
          add(value);
        });
    add(heading);
    add(text);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(before).array());
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    long high = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
    long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  // The length first: "ab" + "c" and "a" + "bc" must differ.
  private void add(String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}

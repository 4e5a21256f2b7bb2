package io.neuralbridge.embedding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes the keys of one model, input type and preprocessing. Safe for use by many threads. */
final class EmbeddingKeys {

  private final MessageDigest begun;

  EmbeddingKeys(String modelId, int dimensions, InputType inputType, String preprocessing) {
    this.begun = sha256();
    add(modelId);
    begun.update(ByteBuffer.allocate(Integer.BYTES).putInt(dimensions).flip());
    add(inputType.name());
    add(preprocessing);
  }

  // With its length, so that no two lists of fields are one sequence of bytes.
  private void add(String field) {
    byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
    begun.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    begun.update(bytes);
  }

  EmbeddingKey of(String text) {
    try {
      MessageDigest digest = (MessageDigest) begun.clone();
      return EmbeddingKey.of(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this JVM's SHA-256 cannot be cloned", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}

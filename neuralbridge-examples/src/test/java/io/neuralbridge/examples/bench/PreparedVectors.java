package io.neuralbridge.examples.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

/**
 * Answers to requests for embeddings, put together from vectors that were written beforehand. A
 * text's vector is picked by its hash.
 */
final class PreparedVectors {

  private static final int VECTORS = 512;

  private final byte[][] numbers = new byte[VECTORS][];
  private final byte[][] base64 = new byte[VECTORS][];

  PreparedVectors(int dimensions) {
    Random random = new Random(1);
    for (int i = 0; i < VECTORS; i++) {
      prepare(i, random, dimensions);
    }
  }

  private void prepare(int number, Random random, int dimensions) {
    ByteBuffer floats =
        ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < dimensions; i++) {
      float value = (float) random.nextGaussian();
      floats.putFloat(value);
      json.append(i == 0 ? "" : ",").append(value);
    }
    numbers[number] = bytes(json.append(']').toString());
    base64[number] = bytes('"' + Base64.getEncoder().encodeToString(floats.array()) + '"');
  }

  /** In the words of OpenAI. */
  byte[] openAi(ProviderInputs inputs) {
    byte[][] vectors = inputs.base64() ? base64 : numbers;
    ByteArrayOutputStream answer = answer(inputs, vectors);
    answer.writeBytes(bytes("{\"object\":\"list\",\"model\":\"stub\",\"data\":["));
    for (int i = 0; i < inputs.hashes().length; i++) {
      String head = "{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":";
      answer.writeBytes(bytes(i == 0 ? head : "," + head));
      answer.writeBytes(vector(vectors, inputs.hashes()[i]));
      answer.write('}');
    }
    int tokens = inputs.characters() / 4;
    answer.writeBytes(
        bytes("],\"usage\":{\"prompt_tokens\":%d,\"total_tokens\":%1$d}}".formatted(tokens)));
    return answer.toByteArray();
  }

  /** In the words of Ollama, which knows numbers only. */
  byte[] ollama(ProviderInputs inputs) {
    ByteArrayOutputStream answer = answer(inputs, numbers);
    answer.writeBytes(bytes("{\"model\":\"stub\",\"embeddings\":["));
    for (int i = 0; i < inputs.hashes().length; i++) {
      answer.writeBytes(bytes(i == 0 ? "" : ","));
      answer.writeBytes(vector(numbers, inputs.hashes()[i]));
    }
    answer.writeBytes(bytes("],\"prompt_eval_count\":" + inputs.characters() / 4 + "}"));
    return answer.toByteArray();
  }

  private static ByteArrayOutputStream answer(ProviderInputs inputs, byte[][] vectors) {
    return new ByteArrayOutputStream(inputs.hashes().length * (vectors[0].length + 100) + 200);
  }

  private static byte[] vector(byte[][] vectors, long hash) {
    return vectors[(int) (hash & (VECTORS - 1))];
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}

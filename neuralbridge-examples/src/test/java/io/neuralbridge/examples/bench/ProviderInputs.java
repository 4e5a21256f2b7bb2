package io.neuralbridge.examples.bench;

import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * What matters of a request for embeddings, read without a string a text.
 *
 * @param hashes one a text, in order
 * @param characters of all texts
 * @param base64 whether vectors are asked for so
 */
record ProviderInputs(long[] hashes, int characters, boolean base64) {

  private static final JsonMapper MAPPER = new JsonMapper();

  static ProviderInputs read(byte[] body) {
    long[] hashes = new long[64];
    int texts = 0;
    int characters = 0;
    boolean base64 = false;
    try (JsonParser parser = MAPPER.createParser(body)) {
      String field = "";
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.PROPERTY_NAME) {
          field = parser.currentName();
        } else if (token == JsonToken.VALUE_STRING && field.equals("input")) {
          hashes = texts == hashes.length ? Arrays.copyOf(hashes, texts * 2) : hashes;
          hashes[texts++] = hash(parser);
          characters += parser.getStringLength();
        } else if (token == JsonToken.VALUE_STRING && field.equals("encoding_format")) {
          base64 = parser.getString().equals("base64");
        }
      }
    }
    return new ProviderInputs(Arrays.copyOf(hashes, texts), characters, base64);
  }

  private static long hash(JsonParser parser) {
    char[] characters = parser.getStringCharacters();
    int begin = parser.getStringOffset();
    int end = begin + parser.getStringLength();
    long hash = 0xCBF29CE484222325L;
    for (int i = begin; i < end; i++) {
      hash = (hash ^ characters[i]) * 0x100000001B3L;
    }
    return hash ^ (hash >>> 32);
  }
}

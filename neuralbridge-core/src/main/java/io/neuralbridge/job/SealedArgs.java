package io.neuralbridge.job;

import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Encrypted arguments as they are stored: a JSON object like all others, which begins with a key
 * that says what it is.
 *
 * @param keyId the key that opens them
 * @param data nonce, cipher text and tag
 */
record SealedArgs(String keyId, byte[] data) {

  private static final String MARK = "nb.sealed";
  private static final String BEGIN = "{\"" + MARK + "\":1,";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  static boolean isSealed(String args) {
    return args.startsWith(BEGIN);
  }

  String toJson() {
    String text = Base64.getEncoder().withoutPadding().encodeToString(data);
    return "%s\"key\":\"%s\",\"data\":\"%s\"}".formatted(BEGIN, keyId, text);
  }

  static SealedArgs parse(String kind, String args) {
    try {
      JsonNode sealed = MAPPER.readTree(args);
      String data = sealed.path("data").asString("");
      return new SealedArgs(sealed.path("key").asString(""), Base64.getDecoder().decode(data));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new SealedArgsException(
          SealedArgsException.WRONG_KEY,
          "the stored args of a '%s' job are marked as encrypted and have been changed since"
              .formatted(kind),
          e);
    }
  }
}

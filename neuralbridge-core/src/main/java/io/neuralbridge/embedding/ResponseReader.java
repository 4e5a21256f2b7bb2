package io.neuralbridge.embedding;

import io.neuralbridge.embedding.VectorReader.BadVectorException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a response without building a tree of it, in any dialect, told apart by the names of the
 * fields:
 *
 * <pre>{@code
 * {"data": [{"index": 0, "embedding": … }], "usage": {"prompt_tokens": 5, "total_tokens": 5}}
 * {"embeddings": {"float": [[…]]}, "meta": {"billed_units": {"input_tokens": 5}}}
 * {"embeddings": [[…]], "prompt_eval_count": 5}
 * }</pre>
 */
final class ResponseReader {

  private final VectorReader vectorReader;
  private final float[][] vectors;
  private final BitSet placedAt = new BitSet();
  private int placed;
  private long promptTokens;
  private long totalTokens;

  private ResponseReader(byte[] body, int texts, int dimensions) {
    this.vectors = new float[texts][];
    this.vectorReader = new VectorReader(body, dimensions);
  }

  /**
   * The vectors of a response in the order of the texts.
   *
   * @throws BadVectorException if it is not one vector a text
   * @throws tools.jackson.core.JacksonException if it is not JSON
   */
  static EmbeddingResponse read(byte[] body, int texts, int dimensions, RateLimitHeaders limits) {
    ResponseReader reader = new ResponseReader(body, texts, dimensions);
    try (JsonParser parser = ProviderJson.MAPPER.createParser(body)) {
      reader.readTop(parser);
    }
    return new EmbeddingResponse(reader.allVectors(), reader.tokens(), limits);
  }

  private List<float[]> allVectors() {
    if (placed != vectors.length) {
      throw new BadVectorException(
          "%d vectors came for %d texts".formatted(placed, vectors.length));
    }
    return Arrays.asList(vectors);
  }

  private long tokens() {
    return Math.max(0, promptTokens > 0 ? promptTokens : totalTokens);
  }

  private void readTop(JsonParser parser) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new BadVectorException("it is not an object, but " + parser.currentToken());
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "data" -> readItems(parser);
        case "embeddings" -> readEmbeddings(parser);
        case "usage", "meta", "billed_units" -> readUsage(parser);
        case "prompt_eval_count" -> promptTokens = parser.getValueAsLong();
        default -> parser.skipChildren();
      }
    }
  }

  private void readUsage(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "billed_units" -> readUsage(parser);
        case "prompt_tokens", "input_tokens" -> promptTokens = parser.getValueAsLong();
        case "total_tokens" -> totalTokens = parser.getValueAsLong();
        default -> parser.skipChildren();
      }
    }
  }

  private void readItems(JsonParser parser) {
    requireArray(parser);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      readItem(parser);
    }
  }

  private void readItem(JsonParser parser) {
    int index = -1;
    float[] vector = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      if (field == null) {
        throw new BadVectorException("an item of data is no object");
      }
      switch (field) {
        case "index" -> index = parser.getIntValue();
        case "embedding" -> vector = vectorReader.read(parser);
        default -> parser.skipChildren();
      }
    }
    if (vector == null) {
      throw new BadVectorException("an item of data has no embedding");
    }
    place(index < 0 ? placed : index, vector);
  }

  private void readEmbeddings(JsonParser parser) {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        boolean floats = "float".equals(parser.currentName());
        parser.nextToken();
        if (floats) {
          readVectors(parser);
        } else {
          parser.skipChildren();
        }
      }
    } else {
      readVectors(parser);
    }
  }

  private void readVectors(JsonParser parser) {
    requireArray(parser);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      place(placed, vectorReader.read(parser));
    }
  }

  private static void requireArray(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new BadVectorException("vectors are no array, but " + parser.currentToken());
    }
  }

  private void place(int index, float[] vector) {
    if (index >= vectors.length || placedAt.get(index)) {
      throw new BadVectorException(
          "a vector came for text %d, of %d texts, or twice".formatted(index, vectors.length));
    }
    vectors[index] = vector;
    placedAt.set(index);
    placed++;
  }
}

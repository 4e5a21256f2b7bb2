package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a provider's refusal as {@link HttpEmbeddingModel} does, for those who ask a provider by
 * other means: an {@link EmbeddingModel} that adapts another library's model.
 */
public final class ProviderFailure {

  private ProviderFailure() {}

  /**
   * The refusal as a typed failure. The status alone does not do: an empty account is a 429 too.
   *
   * @param who what refused, such as {@code "OpenAiEmbeddingModel"}; the message begins with it
   * @param status of HTTP, 400 to 599
   * @param body what the provider said: JSON in any of the usual shapes, or text; may be empty
   * @param texts what was to be embedded; the message never holds one of them
   */
  public static EmbeddingException of(
      String who,
      int status,
      String body,
      RateLimitHeaders rateLimits,
      List<String> texts,
      @Nullable Throwable cause) {
    ErrorBody error = ErrorBody.of(body.getBytes(StandardCharsets.UTF_8));
    String said = SafeText.of(error.message(), null, texts);
    EmbeddingException failure =
        new EmbeddingException(
            ErrorReasons.of(status, error),
            "%s answered %d: %s".formatted(who, status, said.isEmpty() ? "-" : said),
            rateLimits);
    return caused(failure, cause);
  }

  /** A failure without a status, whose message holds none of the texts. */
  public static EmbeddingException of(
      String who, Reason reason, String said, List<String> texts, @Nullable Throwable cause) {
    return caused(
        new EmbeddingException(
            reason, who + " failed: " + SafeText.of(said, null, texts), RateLimitHeaders.NONE),
        cause);
  }

  private static EmbeddingException caused(EmbeddingException failure, @Nullable Throwable cause) {
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }
}

package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.util.List;

/**
 * Reads the reason of a failure from its status and the words that providers use. The status alone
 * does not do: llama.cpp calls a text that is too long a 500, OpenAI an empty account a 429.
 */
final class ErrorReasons {

  private static final List<String> QUOTA_CODES =
      List.of(
          "insufficient_quota",
          "credit_balance_exhausted",
          "organization_spend_limit_exceeded",
          "project_spend_limit_exceeded",
          "organization_usage_limit_exceeded",
          "billing_hard_limit_reached",
          "billing_not_active",
          "insufficient_balance");
  private static final List<String> QUOTA_WORDS =
      List.of(
          "out of call volume quota", "calls / month", "add a payment method", "credit balance");

  private static final List<String> SIZE_CODES =
      List.of(
          "context_length_exceeded",
          "max_tokens_per_request",
          "string_above_max_length",
          "array_above_max_length",
          "too_many_tokens_in_batch",
          "exceed_context_size_error");
  private static final List<String> SIZE_WORDS =
      List.of(
          "too large",
          "too long",
          "too many tokens",
          "too many inputs",
          "too many texts",
          "max 300000 tokens",
          "max_tokens_per_request",
          "tokens per request",
          "tokens per submitted batch",
          "context length",
          "context size",
          "maximum context",
          "maximum length",
          "max_model_len",
          "physical batch size",
          "maximum allowed batch size",
          "batch size",
          "must have less than",
          "must be at most",
          "requests can be in one batch",
          "reduce the length",
          "split into more batches",
          "length of the list",
          "maxlength");

  private static final List<String> MODEL_CODES =
      List.of("model_not_found", "deploymentnotfound", "invalid_model", "model_not_available");
  private static final List<String> MODEL_WORDS =
      List.of("invalid model", "model not found", "unknown model", "unsupported model");

  private ErrorReasons() {}

  static Reason of(int status, ErrorBody body) {
    return switch (status) {
      case 401 -> Reason.AUTHENTICATION;
      case 402 -> Reason.QUOTA_EXHAUSTED;
      case 403 -> isQuota(body) ? Reason.QUOTA_EXHAUSTED : Reason.AUTHENTICATION;
      case 404, 405, 410 -> Reason.NOT_FOUND;
      case 408, 504 -> Reason.TIMEOUT;
      case 409, 424, 425 -> Reason.SERVER_ERROR;
      case 413 -> Reason.TOO_LARGE;
      case 429 -> ofTooMany(body);
      case 503, 529 -> Reason.OVERLOADED;
      default -> ofOther(status, body);
    };
  }

  private static Reason ofTooMany(ErrorBody body) {
    if (isQuota(body)) {
      return Reason.QUOTA_EXHAUSTED;
    }
    // What alone exceeds the tokens of a minute never gets through, however long it waits.
    if (body.says(List.of("request too large"))) {
      return Reason.TOO_LARGE;
    }
    boolean overloaded = body.isCalled(List.of("overloaded")) || body.says(List.of("overloaded"));
    return overloaded ? Reason.OVERLOADED : Reason.RATE_LIMITED;
  }

  private static Reason ofOther(int status, ErrorBody body) {
    if (status < 400) {
      return Reason.NOT_FOUND;
    }
    boolean clientsFault = status < 500;
    if (clientsFault && isQuota(body)) {
      return Reason.QUOTA_EXHAUSTED;
    }
    if (clientsFault && (body.isCalled(MODEL_CODES) || body.says(MODEL_WORDS))) {
      return Reason.NOT_FOUND;
    }
    if (clientsFault && (body.isCalled(SIZE_CODES) || body.says(SIZE_WORDS))) {
      return Reason.TOO_LARGE;
    }
    if (!clientsFault && body.says(List.of("physical batch size", "too large to process"))) {
      return Reason.TOO_LARGE;
    }
    return clientsFault ? Reason.REJECTED : Reason.SERVER_ERROR;
  }

  private static boolean isQuota(ErrorBody body) {
    return body.isCalled(QUOTA_CODES) || body.says(QUOTA_WORDS);
  }
}

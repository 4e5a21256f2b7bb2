package io.neuralbridge.spring.adapter;

import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.ProviderFailure;
import io.neuralbridge.embedding.RateLimitHeaders;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Turns whatever another library's model throws into an {@link EmbeddingException}: by the status
 * of HTTP that it or one of its causes tells, else by its type's name, else by what broke below.
 */
final class ForeignFailures {

  private static final int DEEPEST = 16;

  /** The statuses that types stand for; read by name, as their libraries need not be there. */
  private static final Map<String, Integer> STATUS_BY_TYPE =
      Map.ofEntries(
          Map.entry("RateLimitException", 429),
          Map.entry("ThrottlingException", 429),
          Map.entry("ResourceExhaustedException", 429),
          Map.entry("AuthenticationException", 401),
          Map.entry("UnauthorizedException", 401),
          Map.entry("UnauthenticatedException", 401),
          Map.entry("PermissionDeniedException", 403),
          Map.entry("AccessDeniedException", 403),
          Map.entry("NotFoundException", 404),
          Map.entry("ModelNotFoundException", 404),
          Map.entry("BadRequestException", 400),
          Map.entry("InvalidRequestException", 400),
          Map.entry("UnprocessableEntityException", 422),
          Map.entry("InternalServerException", 500),
          Map.entry("UnavailableException", 503),
          Map.entry("TimeoutException", 408),
          Map.entry("NonTransientAiException", 400),
          Map.entry("TransientAiException", 500));

  private ForeignFailures() {}

  /**
   * @param who what failed, for the message
   * @param texts what was to be embedded; the message never holds one of them
   */
  static EmbeddingException of(
      String who, RuntimeException failure, List<String> texts, InstantSource clock) {
    List<Throwable> chain = chain(failure);
    for (Throwable each : chain) {
      if (each instanceof EmbeddingException own) {
        return own;
      }
      if (each instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return ProviderFailure.of(who, Reason.INTERRUPTED, "interrupted", texts, failure);
      }
    }
    EmbeddingException answered = byStatus(who, chain, texts, clock);
    if (answered != null) {
      return answered;
    }
    String said = String.valueOf(failure.getMessage());
    return ProviderFailure.of(who, reasonBelow(chain), said, texts, failure);
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable each = failure; each != null && chain.size() < DEEPEST; each = each.getCause()) {
      chain.add(each);
    }
    return chain;
  }

  private static @Nullable EmbeddingException byStatus(
      String who, List<Throwable> chain, List<String> texts, InstantSource clock) {
    for (Throwable each : chain) {
      HttpTrace trace = HttpTrace.of(each, clock);
      if (trace != null) {
        return ProviderFailure.of(
            who, trace.status(), trace.body(), trace.rateLimits(), texts, chain.get(0));
      }
    }
    for (Throwable each : chain) {
      Integer status = statusByType(each.getClass());
      if (status != null && !isBroken(chain, status)) {
        String said = String.valueOf(each.getMessage());
        return ProviderFailure.of(who, status, said, RateLimitHeaders.NONE, texts, chain.get(0));
      }
    }
    return null;
  }

  // "Transient" says less than the broken connection below it.
  private static boolean isBroken(List<Throwable> chain, int status) {
    return status >= 500 && reasonBelow(chain) != Reason.UNKNOWN;
  }

  private static @Nullable Integer statusByType(Class<?> type) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      Integer status = STATUS_BY_TYPE.get(each.getSimpleName());
      if (status != null) {
        return status;
      }
    }
    return null;
  }

  private static Reason reasonBelow(List<Throwable> chain) {
    Reason reason = Reason.UNKNOWN;
    for (Throwable each : chain) {
      if (each instanceof SocketTimeoutException
          || each instanceof HttpTimeoutException
          || each instanceof TimeoutException) {
        return Reason.TIMEOUT;
      }
      boolean noServer = each.getClass().getSimpleName().equals("UnresolvedModelServerException");
      if (each instanceof IOException || noServer) {
        reason = Reason.UNREACHABLE;
      }
    }
    return reason;
  }
}

package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a provider: one request, one answer or a typed failure. The time of a call is bounded to
 * the last byte of its answer, which the client's own timeout is not, and an interrupt ends it.
 */
final class HttpCalls {

  private final HttpClient client;
  private final HttpModelSettings settings;

  HttpCalls(HttpClient client, HttpModelSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  HttpResponse<byte[]> post(URI uri, byte[] json, @Nullable String key, long mostBytes) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json));
    return send(request, key, mostBytes);
  }

  HttpResponse<byte[]> get(URI uri, @Nullable String key, long mostBytes) {
    return send(HttpRequest.newBuilder(uri).GET(), key, mostBytes);
  }

  /** The key for a call; null if there is no supplier of keys. */
  @Nullable String key() {
    Supplier<String> supplier = settings.apiKey();
    if (supplier == null) {
      return null;
    }
    String key;
    try {
      key = supplier.get();
    } catch (RuntimeException e) {
      // No cause: its message is not ours, and may hold what must not be logged.
      throw failure(
          Reason.AUTHENTICATION, "got no key: its supplier threw " + e.getClass().getName(), null);
    }
    if (key == null || key.isBlank()) {
      throw failure(Reason.AUTHENTICATION, "got no key: its supplier returned none", null);
    }
    return key.strip();
  }

  private HttpResponse<byte[]> send(
      HttpRequest.Builder request, @Nullable String key, long mostBytes) {
    return send(request, key, BoundedBody.of(mostBytes), settings.timeout());
  }

  /** Any request of the provider. */
  <T> HttpResponse<T> send(
      HttpRequest.Builder request, @Nullable String key, BodyHandler<T> body, Duration timeout) {
    request.header("Accept", "application/json");
    settings.headers().forEach(request::setHeader);
    if (key != null) {
      authorize(request, key);
    }
    return await(client.sendAsync(request.build(), body), timeout);
  }

  private void authorize(HttpRequest.Builder request, String key) {
    try {
      request.setHeader(settings.dialect().keyHeader(), settings.dialect().keyValue(key));
    } catch (IllegalArgumentException e) {
      // No cause: its message holds the key.
      throw failure(
          Reason.AUTHENTICATION, "has a key with characters that no header may hold", null);
    }
  }

  private <T> T await(CompletableFuture<T> answer, Duration timeout) {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw failure(Reason.INTERRUPTED, "was given up: the thread was interrupted", e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw failure(Reason.TIMEOUT, "did not answer within " + timeout, e);
    } catch (ExecutionException e) {
      throw broken(e.getCause() == null ? e : e.getCause());
    }
  }

  private EmbeddingException broken(Throwable cause) {
    if (cause instanceof BoundedBody.TooLongException) {
      return failure(Reason.BAD_RESPONSE, "cannot be understood: " + cause.getMessage(), null);
    }
    if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
      return failure(Reason.TIMEOUT, "did not answer: " + cause.getMessage(), cause);
    }
    String what = cause instanceof IOException ? "cannot be reached: " : "failed: ";
    return failure(Reason.UNREACHABLE, what + cause, cause);
  }

  private EmbeddingException failure(Reason reason, String what, @Nullable Throwable cause) {
    return new EmbeddingException(reason, settings + " " + what, cause);
  }
}

package io.neuralbridge.embedding;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** The body of a response as bytes; one that is longer than it may be is not read to its end. */
final class BoundedBody implements BodySubscriber<byte[]> {

  private final long most;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final List<ByteBuffer> parts = new ArrayList<>();
  private @Nullable Subscription subscription;
  private long size;

  private BoundedBody(long most) {
    this.most = most;
  }

  static BodyHandler<byte[]> of(long most) {
    return response -> new BoundedBody(most);
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      size += buffer.remaining();
      parts.add(buffer);
    }
    if (size > most && subscription != null) {
      subscription.cancel();
      parts.clear();
      body.completeExceptionally(new TooLongException(most));
    }
  }

  @Override
  public void onError(Throwable cause) {
    body.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    byte[] bytes = new byte[(int) size];
    int at = 0;
    for (ByteBuffer part : parts) {
      int length = part.remaining();
      part.get(bytes, at, length);
      at += length;
    }
    body.complete(bytes);
  }

  /** A response is longer than any that would do. */
  static final class TooLongException extends IOException {
    TooLongException(long most) {
      super("the response is longer than %,d bytes".formatted(most));
    }
  }
}

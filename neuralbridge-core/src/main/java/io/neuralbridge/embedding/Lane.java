package io.neuralbridge.embedding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Texts of one input type that wait for a request. Submissions take turns, a quarter of a request
 * each, so a small one does not wait behind a large one; what comes back from a failed request goes
 * first. For one thread at a time.
 */
final class Lane {

  private static final int TURNS_A_REQUEST = 4;

  /** What a submission still has here; never empty. */
  private record Turn(Submission owner, Deque<PendingText> texts) {}

  private final EmbeddingLimits limits;
  private final long maxWaitNanos;
  private final int turnLength;
  private final Deque<PendingText> again = new ArrayDeque<>();
  private final Deque<Turn> turns = new ArrayDeque<>();
  private final IdentityHashMap<Submission, Turn> byOwner = new IdentityHashMap<>();
  private int size;
  private long tokens;
  private long bytes;
  private long since;

  Lane(EmbeddingLimits limits, long maxWaitNanos) {
    this.limits = limits;
    this.maxWaitNanos = maxWaitNanos;
    this.turnLength = Math.max(1, limits.maxInputs() / TURNS_A_REQUEST);
  }

  int size() {
    return size;
  }

  void add(PendingText text) {
    if (size == 0) {
      since = text.since();
    }
    byOwner
        .computeIfAbsent(
            text.owner(),
            owner -> {
              Turn turn = new Turn(owner, new ArrayDeque<>());
              turns.add(turn);
              return turn;
            })
        .texts()
        .add(text);
    count(text, 1);
  }

  void addAgain(List<PendingText> texts) {
    for (int i = texts.size() - 1; i >= 0; i--) {
      again.addFirst(texts.get(i));
      count(texts.get(i), 1);
    }
  }

  private void count(PendingText text, int sign) {
    size += sign;
    tokens += sign * (long) text.text().estimate();
    bytes += sign * text.text().jsonBytes();
  }

  /** How long until a request should leave, in nanoseconds: 0 for now. Not for an empty lane. */
  long untilReady(long now) {
    boolean full =
        size >= limits.maxInputs()
            || tokens >= limits.maxTokensPerRequest()
            || bytes >= limits.maxBytesPerRequest() - OpenRequest.ENVELOPE_BYTES;
    return full || !again.isEmpty() ? 0 : Math.max(0, since + maxWaitNanos - now);
  }

  /** Takes the texts of the next request; none if nobody wants what was here any more. */
  List<PendingText> take() {
    List<PendingText> taken = new ArrayList<>();
    OpenRequest request = new OpenRequest(limits);
    boolean room = takeFrom(again, again.size(), request, taken);
    while (room && !turns.isEmpty()) {
      Turn turn = turns.element();
      room = takeFrom(turn.texts(), turnLength, request, taken);
      if (turn.texts().isEmpty()) {
        turns.remove();
        byOwner.remove(turn.owner());
      } else if (room) {
        turns.add(turns.remove());
      }
    }
    since = oldest();
    return taken;
  }

  // Whether there may be room for more.
  private boolean takeFrom(
      Deque<PendingText> texts, int most, OpenRequest request, List<PendingText> taken) {
    for (int i = 0; i < most && !texts.isEmpty(); i++) {
      PendingText next = texts.element();
      if (next.isWanted()) {
        boolean fits = next.alone() ? taken.isEmpty() : request.hasRoomFor(next.text());
        if (!fits) {
          return false;
        }
        request.add(next.text());
        taken.add(next);
      }
      texts.remove();
      count(next, -1);
      if (next.isWanted() && next.alone()) {
        return false;
      }
    }
    return true;
  }

  private long oldest() {
    long oldest = Long.MAX_VALUE;
    for (Turn turn : turns) {
      oldest = Math.min(oldest, turn.texts().element().since());
    }
    return oldest;
  }

  /** Takes everything, in its order. */
  List<PendingText> drain() {
    List<PendingText> all = new ArrayList<>();
    while (size > 0) {
      all.addAll(take());
    }
    return all;
  }
}

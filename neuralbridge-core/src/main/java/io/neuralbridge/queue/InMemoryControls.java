package io.neuralbridge.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of an {@link InMemoryQueue}, and its claims within them. Guarded by its lock. */
final class InMemoryControls implements QueueControls {

  /** What a table would hold of one queue. */
  private static final class Row {
    final Map<String, QueueSettings> nodes = new TreeMap<>();
    QueueSettings settings = QueueSettings.NONE;
    QueueLimits limits = QueueLimits.NONE;
    boolean declared;
    boolean limitedByHand;
    @Nullable Instant bucketFullAt;
    Map<Integer, String> lastKeys = Map.of();

    QueueSettings on(@Nullable String node) {
      QueueSettings own = node == null ? null : nodes.get(node);
      return own == null ? settings : own.orElse(settings);
    }
  }

  private final InMemoryQueue queue;
  private final Map<String, Row> rows = new TreeMap<>();
  private final Map<Long, String> names = new HashMap<>();
  private final Map<Long, Map<String, Integer>> published = new HashMap<>();

  InMemoryControls(InMemoryQueue queue) {
    this.queue = queue;
  }

  void joined(long node, String name) {
    names.keySet().retainAll(queue.nodes());
    published.keySet().retainAll(queue.nodes());
    names.put(node, name);
  }

  List<Candidate> begin(Claim claim, WaitingLine line, Instant now) {
    Row row = row(claim.queue());
    if (Boolean.TRUE.equals(row.on(names.get(claim.node())).paused())) {
      return List.of();
    }
    Standing standing = standing(claim.queue(), row, now);
    TurnTaking.Choice choice =
        TurnTaking.choose(line.dueAt(now), standing, line.heads(), claim.limit());
    row.lastKeys = choice.lastKeys();
    row.bucketFullAt =
        standing.bucketFullAfter(choice.jobs().stream().mapToLong(Candidate::weight).sum());
    return choice.jobs();
  }

  Optional<Duration> untilNext(String name, WaitingLine line, Instant now) {
    Row row = row(name);
    List<Head> heads = line.heads();
    Optional<Duration> next =
        heads.stream()
            .map(Head::runAt)
            .min(Comparator.naturalOrder())
            .map(due -> Duration.between(now, due));
    if (next.isEmpty() || Boolean.TRUE.equals(row.settings.paused())) {
      return Optional.empty();
    }
    if (!next.get().isNegative() && !next.get().isZero()) {
      return next;
    }
    return TurnTaking.choose(line.dueAt(now), standing(name, row, now), heads, 1).untilNext();
  }

  private Standing standing(String name, Row row, Instant now) {
    Map<String, Integer> running =
        queue
            .executing()
            .filter(entry -> entry.spec.queue().equals(name))
            .collect(Collectors.toMap(Entry::key, entry -> 1, Integer::sum));
    return new Standing(row.limits, now, row.bucketFullAt, row.lastKeys, running);
  }

  Map<String, QueueNotice> notices(long node) {
    Map<String, QueueNotice> notices = new TreeMap<>();
    rows.forEach(
        (name, row) ->
            notices.put(name, new QueueNotice(row.on(names.get(node)), row.limits, row.declared)));
    return notices;
  }

  private Row row(String name) {
    return rows.computeIfAbsent(name, n -> new Row());
  }

  @Override
  public void change(Set<String> queues, @Nullable String node, QueueSettings settings) {
    synchronized (queue) {
      for (String name : queues) {
        Row row = row(name);
        if (node == null) {
          row.settings = settings.orElse(row.settings);
          row.nodes.replaceAll((other, own) -> own.without(settings));
          row.nodes.values().removeIf(QueueSettings.NONE::equals);
        } else {
          row.nodes.merge(node, settings, (own, said) -> said.orElse(own));
        }
      }
    }
  }

  @Override
  public void limit(String name, QueueLimits limits) {
    synchronized (queue) {
      Row row = row(name);
      set(name, row, limits);
      row.limitedByHand = true;
    }
  }

  @Override
  public void declare(Map<String, QueueLimits> limits) {
    synchronized (queue) {
      limits.forEach(
          (name, declared) -> {
            Row row = row(name);
            if (!row.limitedByHand) {
              set(name, row, declared);
            }
          });
    }
  }

  private void set(String name, Row row, QueueLimits limits) {
    Standing standing = standing(name, row, queue.now());
    row.bucketFullAt = standing.bucketFullWith(limits.rate());
    row.limits = limits;
    row.declared = true;
  }

  @Override
  public void reset(String name) {
    synchronized (queue) {
      rows.computeIfPresent(name, (n, row) -> new Row());
    }
  }

  @Override
  public void publish(long node, Map<String, Integer> nodeLimits) {
    synchronized (queue) {
      if (queue.nodes().contains(node)) {
        published.put(node, Map.copyOf(nodeLimits));
      }
    }
  }

  @Override
  public List<QueueStatus> status() {
    synchronized (queue) {
      published.keySet().retainAll(queue.nodes());
      Set<String> all = new TreeSet<>(rows.keySet());
      published.values().forEach(limits -> all.addAll(limits.keySet()));
      return all.stream().map(this::status).toList();
    }
  }

  private QueueStatus status(String name) {
    Row row = row(name);
    Map<String, QueueStatus.OnNode> nodes = new TreeMap<>();
    Set<String> of = new TreeSet<>(row.nodes.keySet());
    names.forEach(
        (id, node) -> {
          boolean runsIt = published.getOrDefault(id, Map.of()).containsKey(name);
          if (queue.nodes().contains(id) && (runsIt || running(name, node) > 0)) {
            of.add(node);
          }
        });
    for (String node : of) {
      QueueSettings settings = row.nodes.getOrDefault(node, QueueSettings.NONE);
      nodes.put(node, new QueueStatus.OnNode(settings, limit(name, node), running(name, node)));
    }
    return new QueueStatus(name, row.settings, row.limits, running(name, null), nodes);
  }

  private @Nullable Integer limit(String name, String node) {
    List<Integer> limits = new ArrayList<>();
    published.forEach(
        (id, all) -> {
          Integer limit = all.get(name);
          if (limit != null && node.equals(names.get(id))) {
            limits.add(limit);
          }
        });
    return limits.isEmpty() ? null : limits.stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public int running(@Nullable String name, @Nullable String node) {
    synchronized (queue) {
      Stream<Entry> running = queue.executing();
      return (int)
          running
              .filter(entry -> name == null || entry.spec.queue().equals(name))
              .filter(entry -> node == null || isOn(node, entry))
              .count();
    }
  }

  private boolean isOn(String node, Entry entry) {
    return queue.nodes().contains(entry.node) && node.equals(names.get(entry.node));
  }
}

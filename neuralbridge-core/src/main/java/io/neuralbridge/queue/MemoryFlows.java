package io.neuralbridge.queue;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowLink;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.FlowStore.NamedJob;
import io.neuralbridge.job.FlowStore.Which;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The flows of jobs in memory, and the stager's part for them. Guarded by its queue's lock. */
final class MemoryFlows {

  private final MemoryJobs jobs;
  private final MemoryLinks links;
  private final Map<Long, MemoryFlow> flows = new TreeMap<>();
  private final Set<Long> news = new LinkedHashSet<>();
  private long lastId;

  MemoryFlows(MemoryJobs jobs, MemoryLinks links) {
    this.jobs = jobs;
    this.links = links;
  }

  long start(FlowRef.Fresh origin, Instant now) {
    MemoryFlow flow = new MemoryFlow(++lastId, origin, now);
    flows.put(flow.id, flow);
    news.add(flow.id);
    return flow.id;
  }

  void check(TiePlan plan) {
    for (FlowRef ref : plan.flows()) {
      if (ref instanceof FlowRef.Stored stored) {
        checkTakesMore(stored.id());
      }
    }
    plan.names().forEach(this::checkNames);
  }

  private void checkTakesMore(long id) {
    MemoryFlow flow = flows.get(id);
    if (flow == null) {
      throw FlowException.notFound(id);
    }
    if (flow.finishedAt != null && flow.origin.kind() == FlowKind.BATCH) {
      throw FlowException.finished(id);
    }
  }

  private void checkNames(FlowRef ref, Set<String> names) {
    if (ref instanceof FlowRef.Stored stored) {
      MemoryFlow flow = Objects.requireNonNull(flows.get(stored.id()));
      List<String> taken = names.stream().filter(flow.byName::containsKey).toList();
      if (!taken.isEmpty()) {
        throw FlowException.namesTaken(flow.id, taken);
      }
    }
  }

  void tie(TiePlan plan, List<Entry> entries, Instant now) {
    Map<FlowRef, MemoryFlow> byRef = new HashMap<>();
    for (FlowRef ref : plan.flows()) {
      long id =
          ref instanceof FlowRef.Stored stored ? stored.id() : start((FlowRef.Fresh) ref, now);
      byRef.put(ref, Objects.requireNonNull(flows.get(id)));
    }
    for (int i = 0; i < entries.size(); i++) {
      Membership membership = plan.membership(i);
      if (membership != null) {
        MemoryFlow flow = Objects.requireNonNull(byRef.get(membership.flow()));
        flow.finishedAt = null;
        flow.add(entries.get(i).id, membership);
        entries.get(i).flowId = flow.id;
      }
    }
  }

  private @Nullable MemoryFlow of(Entry entry) {
    return entry.flowId == null ? null : flows.get(entry.flowId);
  }

  boolean isCallback(Entry entry) {
    MemoryFlow flow = of(entry);
    return flow != null && flow.isCallback(entry.id);
  }

  void ended(Entry entry) {
    MemoryFlow flow = of(entry);
    if (flow != null) {
      flow.ended(entry);
      news.add(flow.id);
    }
  }

  void reopened(Entry entry, @Nullable JobState before) {
    MemoryFlow flow = of(entry);
    if (flow != null) {
      flow.reopened(entry, before);
      news.add(flow.id);
    }
  }

  boolean keeps(Entry entry) {
    MemoryFlow flow = of(entry);
    return flow != null && flow.finishedAt == null;
  }

  void forget(Entry entry) {
    MemoryFlow flow = of(entry);
    if (flow != null) {
      flow.forget(entry);
      news.add(flow.id);
    }
  }

  boolean hasNews() {
    return !news.isEmpty();
  }

  int stage(Instant now) {
    List<Long> look = List.copyOf(news);
    news.clear();
    int moved = 0;
    for (long id : look) {
      MemoryFlow flow = flows.get(id);
      moved += flow == null ? 0 : stage(flow, now);
    }
    return moved;
  }

  private int stage(MemoryFlow flow, Instant now) {
    boolean finished = flow.isFinished();
    if (finished && flow.finishedAt == null) {
      flow.finishedAt = now;
    }
    int moved = 0;
    for (Map.Entry<Long, FlowEvent> callback : flow.callbacks.entrySet()) {
      Entry entry = jobs.live(callback.getKey());
      if (entry != null && entry.suspended) {
        moved += move(entry, callback.getValue(), flow, now) ? 1 : 0;
      }
    }
    return moved;
  }

  private boolean move(Entry entry, FlowEvent awaited, MemoryFlow flow, Instant now) {
    switch (Staging.onCallback(awaited, flow.isFinished(), flow.hasFailed())) {
      case RUN -> jobs.free(entry);
      case GIVE_UP -> jobs.giveUp(entry, Staging.notNeeded(entry.attempt, awaited, flow.id, now));
      case WAIT -> {
        return false;
      }
    }
    return true;
  }

  /** Deletes flows that ended before {@code instant} and whose jobs are gone. */
  int prune(Instant instant, int limit) {
    List<Long> over =
        flows.values().stream()
            .filter(flow -> flow.endedBefore(instant) && flow.jobs.isEmpty())
            .limit(limit)
            .map(flow -> flow.id)
            .toList();
    over.forEach(flows::remove);
    return over.size();
  }

  @Nullable Flow find(long id, Instant now) {
    MemoryFlow flow = flows.get(id);
    if (flow == null) {
      return null;
    }
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    entries(flow)
        .filter(entry -> !flow.isCallback(entry.id))
        .forEach(entry -> counts.merge(entry.state(now), 1L, Long::sum));
    return flow.toFlow(counts);
  }

  List<FlowJob> jobs(long id, Which which, long after, int limit, Instant now) {
    MemoryFlow flow = flows.get(id);
    return flow == null
        ? List.of()
        : entries(flow)
            .filter(entry -> entry.id > after && isMeant(entry, which))
            .limit(limit)
            .map(
                entry ->
                    new FlowJob(
                        entry.id,
                        flow.name(entry.id),
                        flow.callbacks.get(entry.id),
                        entry.spec.kind(),
                        entry.state(now)))
            .toList();
  }

  private static boolean isMeant(Entry entry, Which which) {
    JobState end = entry.finalState();
    return switch (which) {
      case ALL -> true;
      case LIVE -> end == null;
      case FAILED -> end != null && end != JobState.COMPLETED;
    };
  }

  List<NamedJob> named(long id, String name, long after, int limit, Instant now) {
    MemoryFlow flow = flows.get(id);
    if (flow == null) {
      return List.of();
    }
    Stream<Map.Entry<String, Long>> meant =
        flow.byName.containsKey(name)
            ? Stream.of(Map.entry(name, flow.byName.get(name)))
            : flow.byName.entrySet().stream().filter(e -> e.getKey().startsWith(name + "."));
    return meant
        .filter(e -> e.getValue() > after)
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .flatMap(
            e ->
                Stream.ofNullable(entry(e.getValue()))
                    .map(entry -> new NamedJob(e.getKey(), entry.toJob(now))))
        .limit(limit)
        .toList();
  }

  List<FlowLink> links(long id) {
    MemoryFlow flow = flows.get(id);
    return flow == null ? List.of() : links.of(new TreeSet<>(flow.byName.values()));
  }

  boolean seal(long id) {
    MemoryFlow flow = flows.get(id);
    if (flow == null || !flow.open) {
      return false;
    }
    flow.open = false;
    news.add(id);
    return true;
  }

  private Stream<Entry> entries(MemoryFlow flow) {
    return flow.jobs.stream().flatMap(job -> Stream.ofNullable(entry(job)));
  }

  private @Nullable Entry entry(long id) {
    Entry live = jobs.live(id);
    return live == null ? jobs.ended(id) : live;
  }
}

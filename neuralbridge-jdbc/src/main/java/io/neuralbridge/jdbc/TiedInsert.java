package io.neuralbridge.jdbc;

import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.TiePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The insertion of jobs that are tied to others. It locks chains and flows, and no job: a caller's
 * long transaction holds up neither what runs nor what settles. Whether what they need has ended
 * already is found out by the stager.
 */
final class TiedInsert {

  private final TiePlan plan;
  private final Map<FlowRef, Long> flows;

  private TiedInsert(TiePlan plan, Map<FlowRef, Long> flows) {
    this.plan = plan;
    this.flows = flows;
  }

  /**
   * Before the jobs are inserted.
   *
   * @throws FlowException if they cannot be tied so
   */
  static TiedInsert prepare(Session session, Dialect dialect, List<NewJob> jobs) {
    TiePlan plan = TiePlan.of(jobs);
    Map<FlowRef, Set<String>> names = plan.names();
    requireThere(session, plan.storedNeeds());
    FlowStatements.requireTaking(session, FlowStatements.stored(plan.flows()));
    FlowStatements.requireFree(session, names);
    appendToChains(session, dialect, plan);
    return new TiedInsert(plan, start(session, plan.flows()));
  }

  private static void requireThere(Session session, Set<Long> needed) {
    Set<Long> missing = new TreeSet<>(needed);
    missing.removeAll(LinkStatements.states(session, needed).keySet());
    if (!missing.isEmpty()) {
      throw FlowException.jobsNotFound(missing);
    }
  }

  private static void appendToChains(Session session, Dialect dialect, TiePlan plan) {
    Map<String, Long> tails = ChainStatements.lock(session, dialect, plan.chains());
    while (!tails.isEmpty()) {
      Map<Long, JobState> states = LinkStatements.states(session, new TreeSet<>(tails.values()));
      tails
          .entrySet()
          .removeIf(
              chain ->
                  plan.appendToChain(
                      chain.getKey(), chain.getValue(), states.get(chain.getValue())));
      moveBack(session, tails);
    }
  }

  // Who was given up while it waited is final before those that it waited for.
  private static void moveBack(Session session, Map<String, Long> tails) {
    if (!tails.isEmpty()) {
      Map<Long, Long> before = ChainStatements.before(session, tails.values());
      tails.replaceAll((key, tail) -> before.getOrDefault(tail, 0L));
      tails.values().removeIf(tail -> tail == 0);
    }
  }

  private static Map<FlowRef, Long> start(Session session, Set<FlowRef> refs) {
    Map<FlowRef, Long> ids = new HashMap<>();
    for (FlowRef ref : refs) {
      ids.put(
          ref,
          ref instanceof FlowRef.Fresh fresh
              ? FlowStatements.start(session, fresh)
              : ((FlowRef.Stored) ref).id());
    }
    return ids;
  }

  JobRows.NewRow row(int position, NewJob job) {
    return new JobRows.NewRow(
        job, plan.isSuspended(position), plan.isNeeded(position), flow(position));
  }

  private @Nullable Long flow(int position) {
    Membership membership = plan.membership(position);
    return membership == null ? null : flows.get(membership.flow());
  }

  /** After the jobs are inserted. */
  void complete(Session session, List<Long> ids) {
    link(session, ids);
    Map<String, Long> tails = new TreeMap<>();
    plan.tails().forEach((key, position) -> tails.put(key, ids.get(position)));
    ChainStatements.moveTails(session, tails);
    enrol(session, ids);
  }

  private void link(Session session, List<Long> ids) {
    List<LinkStatements.NewLink> links = new ArrayList<>();
    List<Long> news = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      for (Need need : plan.needs(i, ids)) {
        links.add(new LinkStatements.NewLink(ids.get(i), need));
      }
      if (plan.needsStored(i)) {
        news.add(ids.get(i));
      }
    }
    LinkStatements.insert(session, links);
    NewsStatements.tellJobs(session, news);
  }

  private void enrol(Session session, List<Long> ids) {
    List<FlowStatements.Member<String>> names = new ArrayList<>();
    List<FlowStatements.Member<FlowEvent>> callbacks = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Membership membership = plan.membership(i);
      Long flow = flow(i);
      if (membership != null && flow != null) {
        if (membership.name() != null) {
          names.add(new FlowStatements.Member<>(flow, ids.get(i), membership.name()));
        }
        if (membership.callback() != null) {
          callbacks.add(new FlowStatements.Member<>(flow, ids.get(i), membership.callback()));
        }
      }
    }
    FlowStatements.name(session, names);
    FlowStatements.addCallbacks(session, callbacks);
  }
}

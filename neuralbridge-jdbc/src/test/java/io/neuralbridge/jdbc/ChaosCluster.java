package io.neuralbridge.jdbc;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes in JVMs of their own, which are killed, replaced, stopped and continued at random. */
final class ChaosCluster implements AutoCloseable {

  /**
   * What was done to a node.
   *
   * @param leased the jobs that it held when it was done
   */
  record Blow(String signal, String node, Instant at, Set<Long> leased) {}

  private static final class Member {
    final String name;
    final ChildJvm jvm;
    final AtomicInteger refused = new AtomicInteger();
    boolean wasStopped;

    Member(String name, ChildJvm jvm) {
      this.name = name;
      this.jvm = jvm;
    }
  }

  private final String url;
  private final ChaosStore store;
  private final Duration timeToLive;
  private final Random random;
  private final List<Member> running = new ArrayList<>();
  private final List<Member> stopped = new ArrayList<>();
  private final List<ChildJvm> all = new ArrayList<>();
  private final List<Blow> blows = new ArrayList<>();
  private final Map<Long, AtomicInteger> ended = new ConcurrentHashMap<>();

  ChaosCluster(String url, ChaosStore store, Duration timeToLive, Random random) {
    this.url = url;
    this.store = store;
    this.timeToLive = timeToLive;
    this.random = random;
  }

  String add() throws IOException {
    String name = "node-" + all.size();
    ChildJvm jvm = ChaosNode.start(url, name, timeToLive);
    all.add(jvm);
    Member member = new Member(name, jvm);
    running.add(member);
    Thread listener = new Thread(() -> listen(member), "listen-" + name);
    listener.setDaemon(true);
    listener.start();
    return name;
  }

  private void listen(Member member) {
    try {
      for (String line = member.jvm.next("(ended|refused) \\d+");
          line != null;
          line = member.jvm.next("(ended|refused) \\d+")) {
        if (line.startsWith("refused")) {
          member.refused.incrementAndGet();
        } else {
          long job = Long.parseLong(line.substring(line.indexOf(' ') + 1));
          ended.computeIfAbsent(job, id -> new AtomicInteger()).incrementAndGet();
        }
      }
    } catch (IOException e) {
      // Closed while it was read: the test is over.
    }
  }

  /** Kills a random node with -9 in the middle of its work and puts a new one in its place. */
  void killOne() throws Exception {
    Member victim = take();
    victim.jvm.kill();
    victim.jvm.awaitEnd();
    blows.add(blow("KILL", victim));
    add();
  }

  /** Puts a new node in the place of each that ended by itself. */
  void replaceTheDead() throws IOException {
    for (Member member : List.copyOf(running)) {
      if (member.jvm.hasEnded()) {
        running.remove(member);
        add();
      }
    }
  }

  /** Stops a random node in the middle of its work; it is continued when others have its jobs. */
  void stopOne() throws Exception {
    Member victim = take();
    victim.jvm.signal("STOP");
    Blow blow = blow("STOP", victim);
    while (blow.leased().isEmpty()) {
      victim.jvm.signal("CONT");
      awaitWork(victim);
      victim.jvm.signal("STOP");
      blow = blow("STOP", victim);
    }
    blows.add(blow);
    victim.wasStopped = true;
    stopped.add(victim);
  }

  // One in the middle of its work, and not one that was stopped before: it has to tell what was
  // refused.
  private Member take() {
    List<Member> busy = new ArrayList<>();
    Eventually.isTrue(
        "a node has jobs",
        () -> {
          running.stream().filter(this::hasWork).forEach(busy::add);
          busy.removeIf(member -> member.wasStopped);
          return !busy.isEmpty();
        });
    Member victim = busy.get(random.nextInt(busy.size()));
    running.remove(victim);
    return victim;
  }

  private boolean hasWork(Member member) {
    return !store.leasedBy(member.name).isEmpty();
  }

  private void awaitWork(Member member) {
    Eventually.isTrue(member.name + " has jobs", () -> hasWork(member));
  }

  // The server may still be at what it was told last; a moment later nothing changes any more.
  private Blow blow(String signal, Member victim) {
    Eventually.isTrue(
        "the server is done with " + victim.name,
        () -> store.isQuiet(victim.name, signal.equals("KILL")));
    return new Blow(signal, victim.name, store.now(), store.leasedBy(victim.name));
  }

  /** Continues the nodes that were stopped and have been given up by the others. */
  void continueTheGivenUp() throws Exception {
    for (Member member : List.copyOf(stopped)) {
      if (store.isGivenUp(member.name)) {
        member.jvm.signal("CONT");
        stopped.remove(member);
        running.add(member);
      }
    }
  }

  boolean hasStopped() {
    return !stopped.isEmpty();
  }

  /**
   * Whether of all that stopped nodes held, when they were continued, every outcome was refused.
   */
  boolean hasToldOfEveryLateResult() {
    return blows.stream()
        .filter(blow -> blow.signal().equals("STOP"))
        .allMatch(blow -> refusedOf(blow.node()) >= blow.leased().size());
  }

  private int refusedOf(String node) {
    return running.stream()
        .filter(member -> member.name.equals(node))
        .mapToInt(member -> member.refused.get())
        .sum();
  }

  List<Blow> blows() {
    return blows;
  }

  /** How often nodes said that they ended a job, by job. */
  Map<Long, AtomicInteger> ended() {
    return ended;
  }

  @Override
  public void close() throws IOException {
    for (ChildJvm jvm : all) {
      jvm.close();
    }
  }
}

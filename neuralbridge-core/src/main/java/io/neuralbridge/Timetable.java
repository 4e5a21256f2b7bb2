package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.schedule.Declaration;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.ScheduleEntry;
import io.neuralbridge.schedule.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts the jobs of recurring entries when they are due. Every node does it: a planned time gets
 * one job, whoever comes first.
 */
final class Timetable {

  private static final Logger log = LoggerFactory.getLogger(Timetable.class);
  private static final int LIMIT = 100;

  /** How soon an entry is noticed that was created or edited elsewhere. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How soon to look again for an entry that is due, and that another node has at hand. */
  private static final Duration NOT_TO_BE_HAD = Duration.ofMillis(50);

  private final Scheduler scheduler;
  private final List<Recurring> recurring;
  private final Consumer<Set<String>> wakeProducers;
  private final Loop loop = new Loop("timetable", this::round);
  private boolean declared;

  /**
   * @param recurring what the code declares
   * @param wakeProducers told the queues that have new jobs
   */
  Timetable(Scheduler scheduler, List<Recurring> recurring, Consumer<Set<String>> wakeProducers) {
    this.scheduler = scheduler;
    this.recurring = List.copyOf(recurring);
    this.wakeProducers = wakeProducers;
  }

  Loop loop() {
    return loop;
  }

  /** Inserts the jobs of all entries that are due. */
  void fireAll() {
    declare();
    while (!fire().isEmpty()) {
      log.debug("There may be more entries that are due");
    }
  }

  private Duration round() {
    declare();
    if (!fire().isEmpty()) {
      return Duration.ZERO;
    }
    Duration next = scheduler.untilNextFire().orElse(LONGEST_PAUSE);
    if (next.isZero()) {
      return NOT_TO_BE_HAD;
    }
    return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
  }

  private List<Job> fire() {
    List<Job> jobs = scheduler.fire(LIMIT);
    if (!jobs.isEmpty()) {
      wakeProducers.accept(jobs.stream().map(Job::queue).collect(Collectors.toSet()));
    }
    return jobs;
  }

  private void declare() {
    if (!declared) {
      Declaration declaration = scheduler.declare(recurring);
      declared = true;
      warnOf(declaration.vanished());
    }
  }

  private void warnOf(List<ScheduleEntry> vanished) {
    if (!vanished.isEmpty()) {
      log.warn(
          "Entries that this node's code does not declare go on all the same; delete those that are not wanted any more: {}",
          vanished.stream().map(ScheduleEntry::name).toList());
    }
  }
}

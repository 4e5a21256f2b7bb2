package io.neuralbridge.queue;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobCursor;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pages of jobs in memory: looks at all, keeps those of the page. */
final class Listing {

  private Listing() {}

  static Page<Job> page(Stream<Job> jobs, JobFilter filter, Paging paging) {
    JobOrder order = paging.order();
    Comparator<Job> comparator = order.comparator();
    PriorityQueue<Job> first = new PriorityQueue<>(comparator.reversed());
    jobs.filter(order::lists)
        .filter(filter::matches)
        .filter(job -> comesAfter(job, paging))
        .forEach(
            job -> {
              first.add(job);
              if (first.size() > paging.size() + 1) {
                first.remove();
              }
            });
    List<Job> sorted = new ArrayList<>(first);
    sorted.sort(comparator);
    return sorted.size() <= paging.size()
        ? new Page<>(sorted, null)
        : new Page<>(
            sorted.subList(0, paging.size()), JobCursor.at(order, sorted.get(paging.size() - 1)));
  }

  private static boolean comesAfter(Job job, Paging paging) {
    JobCursor after = paging.after();
    if (after == null) {
      return true;
    }
    int byTime = compare(paging.order().timeOf(job), after.time());
    int direction = paging.order() == JobOrder.SOONEST_DUE ? 1 : -1;
    return direction * (byTime != 0 ? byTime : Long.compare(job.id(), after.id())) > 0;
  }

  private static int compare(@Nullable Instant time, @Nullable Instant other) {
    return time == null || other == null ? 0 : time.compareTo(other);
  }
}

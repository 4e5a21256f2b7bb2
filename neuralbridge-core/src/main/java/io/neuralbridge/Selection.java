package io.neuralbridge;

import io.neuralbridge.job.BulkResult;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobSelection;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.queue.Queue;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The jobs of a filter, gone through page by page. */
final class Selection implements JobSelection {

  private static final int STREAMED = 100;

  private final StoreJobClient client;
  private final Queue queue;
  private final JobFilter filter;

  Selection(StoreJobClient client, JobFilter filter) {
    this.client = client;
    this.queue = client.queue();
    this.filter = filter;
  }

  @Override
  public Page<Job> page(Paging paging) {
    return queue.list(filter, paging);
  }

  @Override
  public Stream<Job> stream(JobOrder order) {
    Paging first = Paging.by(order).withSize(STREAMED);
    return pages(paging -> queue.list(filter, paging), first).flatMap(List::stream);
  }

  @Override
  public BulkResult cancel() {
    return forEachChunk(client::cancel);
  }

  @Override
  public BulkResult retry() {
    return forEachChunk(client::retry);
  }

  @Override
  public BulkResult delete() {
    return forEachChunk(client::delete);
  }

  @Override
  public BulkResult edit(JobEdit edit) {
    return forEachChunk(ids -> client.edit(ids, edit));
  }

  private BulkResult forEachChunk(Function<Collection<Long>, Set<Long>> verb) {
    // What ended at a certain time is found by it at once; all else in no order that a verb
    // changes.
    JobOrder order = filter.times().finished().isAny() ? JobOrder.NEWEST : JobOrder.LATEST_FINISHED;
    Paging first = Paging.by(order).withSize(Paging.MAX_SIZE);
    return pages(paging -> queue.ids(filter, paging), first)
        .map(ids -> new BulkResult(ids.size(), verb.apply(ids).size()))
        .reduce(BulkResult.NOTHING, BulkResult::plus);
  }

  private static <T> Stream<List<T>> pages(Function<Paging, Page<T>> reader, Paging first) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Pages<>(reader, first), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }
}

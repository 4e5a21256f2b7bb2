package io.neuralbridge;

import io.neuralbridge.job.JobCursor;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pages of a listing, each read when it is asked for. For one thread. */
final class Pages<T> implements Iterator<List<T>> {

  private final Function<Paging, Page<T>> reader;
  private @Nullable Paging next;

  Pages(Function<Paging, Page<T>> reader, Paging first) {
    this.reader = reader;
    this.next = first;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public List<T> next() {
    Paging wanted = next;
    if (wanted == null) {
      throw new NoSuchElementException("there is no further page");
    }
    Page<T> page = reader.apply(wanted);
    JobCursor end = page.next();
    next = end == null ? null : wanted.after(end);
    return page.items();
  }
}

package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.event.JobListener;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener; one that throws keeps neither the engine nor the others from going on. */
final class Events {

  private static final Logger log = LoggerFactory.getLogger(Events.class);

  private final List<JobListener> listeners;

  Events(List<JobListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  Events(JobListener first, List<JobListener> others) {
    this(Stream.concat(Stream.of(first), others.stream()).toList());
  }

  /** The same listeners and one more, who hears first. */
  Events and(JobListener listener) {
    return new Events(Stream.concat(Stream.of(listener), listeners.stream()).toList());
  }

  void publish(JobEvent event) {
    for (JobListener listener : listeners) {
      try {
        listener.onEvent(event);
      } catch (Throwable e) {
        log.error("Listener {} failed on {}", listener, event.getClass().getSimpleName(), e);
      }
    }
  }
}

package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.event.JobListener;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener; one that throws keeps neither the engine nor the others from going on. */
final class Events {

  private static final Logger log = LoggerFactory.getLogger(Events.class);

  private final List<JobListener> listeners;

  Events(List<JobListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** The same, with one more listener, who hears first. */
  Events with(JobListener first) {
    List<JobListener> all = new ArrayList<>(listeners);
    all.add(0, first);
    return new Events(all);
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

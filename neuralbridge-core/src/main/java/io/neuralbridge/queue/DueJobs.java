package io.neuralbridge.queue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a store reads the due jobs of one queue for {@link TurnTaking}. All lists are by due time,
 * then by id, unless they say otherwise.
 */
public interface DueJobs {

  /** The first due jobs of a priority that have no key. */
  List<Candidate> withoutKey(int priority, int limit);

  /** The first due jobs of a priority that have a key. */
  List<Candidate> withKey(int priority, int limit);

  /** The first due jobs of a priority and of some keys, each with its own limit. */
  List<Candidate> ofKeys(int priority, Map<String, Integer> limits);

  /**
   * Looks at the keys that wait in a priority, due or not, in the order of their names.
   *
   * @param after where to begin, exclusive; {@link Candidate#NO_KEY} for the first
   * @param limit how many keys to look at
   */
  Keys keysAfter(int priority, String after, int limit);

  /**
   * Some keys in the order of their names.
   *
   * @param due those that have a due job
   * @param last the last one that was looked at; null if there are no more
   */
  record Keys(List<String> due, @Nullable String last) {}
}

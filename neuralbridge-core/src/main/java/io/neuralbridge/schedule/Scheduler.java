package io.neuralbridge.schedule;

import io.neuralbridge.job.Job;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The store of recurring jobs. This is an SPI: its methods are what can happen to entries.
 *
 * <p>Every planned time of an entry gets at most one job, whichever nodes fire and however many at
 * once. Every instant is the store's own. Losing a race is {@code false} or empty, never an
 * exception; exceptions mean that the store itself is in trouble, and that the call may be made
 * again. Implementations are safe for use by many threads and nodes at once.
 */
public interface Scheduler {

  /**
   * Makes the store hold the entries of the application's code. Called at start, by every node.
   *
   * <p>Of an entry that is there already, only those parts (schedule, job, policies) are replaced
   * that the code has changed since it last declared it: what an operator {@linkplain #update
   * edited} or paused stays so over restarts, until the code itself changes that part. An entry of
   * the same name that was created at run time becomes the code's. Entries that code no longer
   * declares go on, because other nodes may still declare them; they are returned, to be
   * {@linkplain #delete deleted}.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  Declaration declare(Collection<Recurring> entries);

  /** Adds an entry at run time; empty if the name is taken. */
  Optional<ScheduleEntry> create(Recurring recurring);

  /**
   * Adds an entry at run time, or replaces the definition of the one with its name. That one stays
   * paused if it is.
   */
  ScheduleEntry put(Recurring recurring);

  /**
   * Edits an entry. A changed schedule starts anew: what was due until now is given up.
   *
   * @param change from the stored definition to the wanted one, of the same name; may be called
   *     more than once
   * @return the edited entry; empty if there is none
   */
  Optional<ScheduleEntry> update(String name, UnaryOperator<Recurring> change);

  /** Stops firing an entry, until it is resumed; {@code false} if there is none. */
  boolean pause(String name);

  /**
   * Goes on with a paused entry from now: the times of the pause are not made up for.
   *
   * @return {@code false} if there is none
   */
  boolean resume(String name);

  /**
   * Removes an entry; jobs that it has inserted stay. One that the code still declares is back at
   * the next start: pause it instead.
   *
   * @return {@code false} if there was none
   */
  boolean delete(String name);

  /**
   * Inserts an entry's job now, whether it is paused or its previous job runs; its planned times
   * stay as they are.
   *
   * @return the job, whose planned time is now, or the {@linkplain Job#existing() existing} one
   *     that holds its unique key; empty if there is no such entry
   */
  Optional<Job> runNow(String name);

  /** An entry as it stands now. */
  Optional<ScheduleEntry> find(String name);

  /** All entries, by name. */
  List<ScheduleEntry> list();

  /**
   * Inserts the jobs of entries that are due, and plans their next times. Any node may call this at
   * any time; entries that another caller has at hand are passed by.
   *
   * @param limit how many entries at most; the longest due come first
   * @return the inserted jobs, in the order of entries and planned times; a planned time whose
   *     unique key another job holds has none
   */
  List<Job> fire(int limit);

  /** How long until an entry is due; zero if one is, empty if none is planned. */
  Optional<Duration> untilNextFire();
}

package io.neuralbridge.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link Scheduler#declare} did, each list by name.
 *
 * @param created entries that are new
 * @param changed entries that the code has changed, or has taken over
 * @param vanished entries that code declared once and this call did not; they go on as they are
 */
public record Declaration(
    List<ScheduleEntry> created, List<ScheduleEntry> changed, List<ScheduleEntry> vanished) {

  public Declaration {
    created = List.copyOf(created);
    changed = List.copyOf(changed);
    vanished = List.copyOf(vanished);
  }

  /**
   * What a declaration does, the same in every store. For stores: they write what is created and
   * changed.
   *
   * @param stored the entries of the code and those that have a declared name
   * @throws IllegalArgumentException if two declared ones have the same name
   */
  public static Declaration of(
      Collection<Recurring> declared, Collection<ScheduleEntry> stored, Instant now) {
    Map<String, ScheduleEntry> left = new TreeMap<>();
    stored.forEach(entry -> left.put(entry.name(), entry));
    List<ScheduleEntry> created = new ArrayList<>();
    List<ScheduleEntry> changed = new ArrayList<>();
    for (Recurring recurring : byName(declared).values()) {
      ScheduleEntry old = left.remove(recurring.name());
      if (old == null) {
        created.add(ScheduleEntry.declared(recurring, now));
      } else {
        ScheduleEntry entry = old.declaredAgain(recurring, now);
        if (!entry.equals(old)) {
          changed.add(entry);
        }
      }
    }
    return new Declaration(created, changed, ofCode(left.values()));
  }

  private static Map<String, Recurring> byName(Collection<Recurring> declared) {
    Map<String, Recurring> byName = new TreeMap<>();
    for (Recurring recurring : declared) {
      if (byName.put(recurring.name(), recurring) != null) {
        throw new IllegalArgumentException(
            "two entries are declared as '%s': give one of them another name"
                .formatted(recurring.name()));
      }
    }
    return byName;
  }

  private static List<ScheduleEntry> ofCode(Collection<ScheduleEntry> entries) {
    return entries.stream().filter(entry -> entry.origin() == ScheduleEntry.Origin.CODE).toList();
  }
}

package io.neuralbridge.flow;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.JobState;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes a flowchart in Mermaid's language. */
final class Mermaid {

  private static final Map<JobState, String> FILLS =
      Map.of(
          JobState.COMPLETED, "#c6f0c2",
          JobState.EXECUTING, "#cfe3ff",
          JobState.CANCELLED, "#e3e3e3",
          JobState.DISCARDED, "#ffc9c2",
          JobState.RETRYABLE, "#ffe7b8");

  private final StringBuilder chart = new StringBuilder("flowchart TD\n");
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final Set<JobState> states = EnumSet.noneOf(JobState.class);

  void job(String name) {
    chart.append("  %s[\"%s\"]%n".formatted(id(name), name));
  }

  void job(String name, JobState state) {
    String word = state.name().toLowerCase(Locale.ROOT);
    chart.append("  %s[\"%s<br/>%s\"]:::%s%n".formatted(id(name), name, word, word));
    states.add(state);
  }

  void link(String needed, String job, FailurePolicy onFailure) {
    String arrow =
        switch (onFailure) {
          case CANCEL -> "-->";
          case IGNORE -> "-.->|ignore|";
          case HOLD -> "-->|hold|";
        };
    chart.append("  %s %s %s%n".formatted(id(needed), arrow, id(job)));
  }

  // Names may hold what Mermaid takes for its own words.
  private String id(String name) {
    return "j" + numbers.computeIfAbsent(name, key -> numbers.size());
  }

  @Override
  public String toString() {
    StringBuilder all = new StringBuilder(chart);
    for (JobState state : states) {
      String fill = FILLS.getOrDefault(state, "#ffffff");
      all.append(
          "  classDef %s fill:%s,stroke:#666%n"
              .formatted(state.name().toLowerCase(Locale.ROOT), fill));
    }
    return all.toString().replace(System.lineSeparator(), "\n");
  }
}

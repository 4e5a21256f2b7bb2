package io.neuralbridge.flow;

import io.neuralbridge.job.FailurePolicy;
import java.util.List;

/**
 * What a job of a workflow comes after. Default: if one of those is cancelled or discarded, so is
 * the job.
 *
 * @param names of jobs, or of what was added as many: then all of them are meant
 * @param onFailure what happens if one of them is cancelled or discarded
 */
public record After(List<String> names, FailurePolicy onFailure) {

  public After {
    names = List.copyOf(names);
  }

  public static After after(String... names) {
    return new After(List.of(names), FailurePolicy.CANCEL);
  }

  public After onFailure(FailurePolicy onFailure) {
    return new After(names, onFailure);
  }

  After within(String part) {
    return new After(names.stream().map(name -> part + "." + name).toList(), onFailure);
  }
}

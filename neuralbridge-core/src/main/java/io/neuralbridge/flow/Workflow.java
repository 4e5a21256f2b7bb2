package io.neuralbridge.flow;

import io.neuralbridge.job.Enqueuer;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.Need;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Jobs by name, each of which may come after others:
 *
 * <pre>{@code
 * Workflow.named("report")
 *     .add("load", LOAD.request(source))
 *     .addAll("part", parts, after("load"))
 *     .add("sum", SUM.request(day), after("part"))
 *     .enqueue(client);
 * }</pre>
 *
 * <p>A job runs when all that it comes after have completed; with the defaults it is cancelled if
 * one of them is cancelled or discarded. Names may be used before they are added. A definition may
 * be enqueued any number of times. Not for use by several threads.
 */
public final class Workflow {

  private final String name;
  private final Graph graph;

  private Workflow(String name) {
    this.name = FlowRef.Fresh.of(FlowKind.WORKFLOW, name, false).name();
    this.graph = new Graph(name);
  }

  /**
   * A workflow without jobs.
   *
   * @param name for people to read, need not be unique; 1 to 200 characters
   */
  public static Workflow named(String name) {
    return new Workflow(name);
  }

  public String name() {
    return name;
  }

  /**
   * Adds a job.
   *
   * @param job its name, unique in the workflow: letters, digits and {@code _ : -}
   * @throws IllegalArgumentException if the name is taken, or closes a cycle
   */
  public Workflow add(String job, JobRequest<?> request, After... after) {
    graph.addJob(requireSimple(job), request, List.of(after));
    return this;
  }

  /**
   * Adds any number of jobs that may run at once; {@code after(group)} means all of them, {@code
   * "group.0"} the first. Where there are none, what comes after them comes after what they come
   * after.
   *
   * @throws IllegalArgumentException if the name is taken, or closes a cycle
   */
  public Workflow addAll(
      String group, Collection<? extends JobRequest<?>> requests, After... after) {
    graph.addGroup(requireSimple(group), List.copyOf(requests), List.of(after));
    return this;
  }

  /**
   * Adds all jobs of another workflow as it is now; {@code after(part)} means all of them, {@code
   * "part.load"} one.
   *
   * @param after what its first jobs come after
   * @throws IllegalArgumentException if the name is taken, or closes a cycle, or if {@code
   *     workflow} uses a name that it does not have
   */
  public Workflow add(String part, Workflow workflow, After... after) {
    graph.addPart(requireSimple(part), workflow.graph, List.of(after));
    return this;
  }

  private static String requireSimple(String job) {
    if (job.indexOf('.') >= 0) {
      throw new IllegalArgumentException(
          "the name '%s' has a dot, which stands between a part and its jobs: use another character"
              .formatted(job));
    }
    return job;
  }

  /**
   * Stores all jobs, in one transaction.
   *
   * @throws IllegalArgumentException if there are none, or a job comes after a name that was not
   *     added
   */
  public WorkflowRun enqueue(JobClient client) {
    return enqueue(client, client);
  }

  /**
   * Stores all jobs as part of a caller's transaction; what is returned may be used when that has
   * been committed.
   *
   * @param transaction what {@link JobClient#using} made
   */
  public WorkflowRun enqueue(JobClient client, Enqueuer transaction) {
    graph.requireComplete();
    if (graph.jobs().isEmpty()) {
      throw new IllegalArgumentException(
          "workflow '%s' has no jobs: add one before it is enqueued".formatted(name));
    }
    FlowRef flow = FlowRef.Fresh.of(FlowKind.WORKFLOW, name, false);
    List<Job> jobs = transaction.enqueueAll(requests(flow, unknown -> List.of()));
    return WorkflowRun.of(client, jobs.get(0));
  }

  /**
   * The requests for a flow, each behind what it needs.
   *
   * @param stored the ids of jobs that are not in this graph
   */
  List<JobRequest<?>> requests(FlowRef flow, Function<String, List<Long>> stored) {
    Map<String, Map<String, FailurePolicy>> needs = new HashMap<>();
    graph.jobs().forEach(job -> needs.put(job, graph.needs(job)));
    List<String> sorted =
        Sorting.sort(graph.jobs(), job -> needs.getOrDefault(job, Map.of()).keySet());
    Map<String, Integer> positions = new HashMap<>();
    List<JobRequest<?>> requests = new ArrayList<>();
    for (String job : sorted) {
      List<Need> wanted = new ArrayList<>();
      needs
          .getOrDefault(job, Map.of())
          .forEach((needed, policy) -> wanted.addAll(need(needed, policy, positions, stored)));
      requests.add(request(job, flow, wanted));
      positions.put(job, positions.size());
    }
    return requests;
  }

  private static List<Need> need(
      String needed,
      FailurePolicy policy,
      Map<String, Integer> positions,
      Function<String, List<Long>> stored) {
    Integer position = positions.get(needed);
    return position == null
        ? stored.apply(needed).stream().map(id -> Need.job(id, policy)).toList()
        : List.of(Need.position(position, policy));
  }

  private JobRequest<?> request(String job, FlowRef flow, List<Need> needs) {
    JobRequest<?> request = graph.request(job);
    Membership membership = new Membership(flow, job, null);
    return request.withTies(request.options().ties().withNeeds(needs).withMembership(membership));
  }

  IllegalArgumentException unknown(String needed, Set<String> known) {
    return graph.unknown(needed, known);
  }

  /** The names of the jobs that were added so far. */
  List<String> jobs() {
    return graph.jobs();
  }

  /**
   * A Mermaid flowchart of the jobs.
   *
   * @throws IllegalArgumentException if a job comes after a name that was not added
   */
  public String toMermaid() {
    graph.requireComplete();
    Mermaid chart = new Mermaid();
    graph.jobs().forEach(chart::job);
    graph
        .jobs()
        .forEach(job -> graph.needs(job).forEach((n, policy) -> chart.link(n, job, policy)));
    return chart.toString();
  }
}

package io.neuralbridge.flow;

import io.neuralbridge.job.DidYouMean;
import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.FlowStore.NamedJob;
import io.neuralbridge.job.FlowStore.Which;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.worker.JobContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A stored workflow. Safe for use by many threads at once. */
public final class WorkflowRun {

  private static final int PAGE = 1_000;

  private final JobClient client;
  private final long id;

  private WorkflowRun(JobClient client, long id) {
    this.client = client;
    this.id = id;
  }

  static WorkflowRun of(JobClient client, Job job) {
    Long flow = job.flowId();
    if (flow == null) {
      throw new IllegalStateException(
          "job %d (%s) belongs to no workflow".formatted(job.id(), job.kind()));
    }
    return new WorkflowRun(client, flow);
  }

  /**
   * The workflow of a running job: to read what the jobs before it returned, or to add more.
   *
   * @throws IllegalStateException if the job belongs to none
   */
  public static WorkflowRun of(JobContext<?> context) {
    return of(context.client(), context.job());
  }

  /** A workflow by its id; empty if there never was one, or it has been pruned. */
  public static Optional<WorkflowRun> find(JobClient client, long id) {
    return client
        .flows()
        .find(id)
        .filter(flow -> flow.kind() == FlowKind.WORKFLOW)
        .map(flow -> new WorkflowRun(client, id));
  }

  /** Unique among the workflows and batches of its store. */
  public long id() {
    return id;
  }

  /**
   * How far it is.
   *
   * @throws FlowException if it has been pruned
   */
  public WorkflowStatus status() {
    Flow flow = client.flows().find(id).orElseThrow(() -> FlowException.notFound(id));
    Map<String, FlowJob> byName = new LinkedHashMap<>();
    for (FlowJob job : allJobs()) {
      if (job.name() != null) {
        byName.put(job.name(), job);
      }
    }
    return new WorkflowStatus(flow, byName);
  }

  private List<FlowJob> allJobs() {
    List<FlowJob> all = new ArrayList<>();
    List<FlowJob> page = client.flows().jobs(id, Which.ALL, 0, PAGE);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = client.flows().jobs(id, Which.ALL, page.get(page.size() - 1).id(), PAGE);
    }
    return all;
  }

  /**
   * The job of a name as it stands now.
   *
   * @throws IllegalArgumentException if no job has that name
   */
  public Job job(String name) {
    List<NamedJob> found = client.flows().named(id, name, 0, 1);
    if (found.isEmpty() || !found.get(0).name().equals(name)) {
      throw unknownName(name);
    }
    return found.get(0).job();
  }

  /**
   * What a job returned. A job that comes after it may rely on it; what a job returned that needed
   * that one is there too, as long as the workflow has not finished.
   *
   * @return empty if it returned nothing, has not completed, or failed
   * @throws IllegalArgumentException if no job has that name
   */
  public <R> Optional<R> result(String name, Class<R> type) {
    return resultOf(job(name), type);
  }

  private static <R> Optional<R> resultOf(Job job, Class<R> type) {
    return job.result() == null ? Optional.empty() : Optional.of(job.result(type));
  }

  /**
   * What the jobs returned that were added under one name, by their own names in the order in which
   * they were added; those that returned nothing, or have not completed, are missing.
   */
  public <R> Map<String, R> results(String group, Class<R> type) {
    Map<String, R> results = new LinkedHashMap<>();
    List<NamedJob> page = client.flows().named(id, group, 0, PAGE);
    while (!page.isEmpty()) {
      page.forEach(
          named ->
              resultOf(named.job(), type).ifPresent(result -> results.put(named.name(), result)));
      page = client.flows().named(id, group, page.get(page.size() - 1).job().id(), PAGE);
    }
    return results;
  }

  /**
   * Adds jobs, while it runs or after; they may come after what is there already. A job that adds
   * jobs to its own workflow may run again after a crash: then the names are taken, which tells it
   * that it has done so.
   *
   * @param more the jobs; the name of this definition does not matter
   * @return the stored jobs by name
   * @throws IllegalArgumentException if a job comes after a name that neither has
   * @throws FlowException if a name is taken, with {@link FlowException#NAME_TAKEN}
   */
  public Map<String, Job> append(Workflow more) {
    Map<String, List<Long>> known = new HashMap<>();
    List<JobRequest<?>> requests =
        more.requests(
            new FlowRef.Stored(id),
            name -> known.computeIfAbsent(name, wanted -> idsOf(wanted, more)));
    Map<String, Job> added = new LinkedHashMap<>();
    List<Job> jobs = client.enqueueAll(requests);
    for (int i = 0; i < jobs.size(); i++) {
      added.put(nameOf(requests.get(i)), jobs.get(i));
    }
    return added;
  }

  private static String nameOf(JobRequest<?> request) {
    var membership = request.options().ties().membership();
    return membership == null ? "" : String.valueOf(membership.name());
  }

  private List<Long> idsOf(String name, Workflow more) {
    List<Long> ids = new ArrayList<>();
    List<NamedJob> page = client.flows().named(id, name, 0, PAGE);
    while (!page.isEmpty()) {
      page.forEach(named -> ids.add(named.job().id()));
      page = client.flows().named(id, name, ids.get(ids.size() - 1), PAGE);
    }
    if (ids.isEmpty()) {
      Set<String> names = new TreeSet<>(names());
      names.addAll(more.jobs());
      throw more.unknown(name, names);
    }
    return ids;
  }

  /**
   * Gives all its jobs up: waiting ones at once, running ones are asked to stop.
   *
   * @return how many were waiting or running
   */
  public long cancel() {
    return client.flows().cancel(id);
  }

  /**
   * Retries the jobs that were cancelled or discarded, each after what it needs; those that have
   * completed stay so.
   *
   * @return how many jobs
   */
  public long retry() {
    return client.flows().retry(id);
  }

  /** A Mermaid flowchart of its jobs with their states. */
  public String toMermaid() {
    Mermaid chart = new Mermaid();
    Map<Long, String> byId = new HashMap<>();
    for (FlowJob job : allJobs()) {
      String name = job.name() == null ? job.kind() + " " + job.id() : job.name();
      byId.put(job.id(), name);
      chart.job(name, job.state());
    }
    client.flows().links(id).stream()
        .filter(link -> byId.containsKey(link.job()) && byId.containsKey(link.needs()))
        .forEach(
            link ->
                chart.link(
                    byId.getOrDefault(link.needs(), ""),
                    byId.getOrDefault(link.job(), ""),
                    link.onFailure()));
    return chart.toString();
  }

  private Collection<String> names() {
    return allJobs().stream()
        .flatMap(job -> Optional.ofNullable(job.name()).stream())
        .limit(PAGE)
        .toList();
  }

  private IllegalArgumentException unknownName(String name) {
    return unknownName(id, name, names());
  }

  static IllegalArgumentException unknownName(long id, String name, Collection<String> known) {
    return new IllegalArgumentException(
        "workflow %d has no job named '%s': %s".formatted(id, name, DidYouMean.among(known, name)));
  }
}

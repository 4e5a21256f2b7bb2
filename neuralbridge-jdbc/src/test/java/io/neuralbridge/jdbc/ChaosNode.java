package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.Builder;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A node in a JVM of its own, whose handlers write down when they start and end. */
final class ChaosNode {

  /**
   * A job's arguments.
   *
   * @param number unique, so that a job that was enqueued twice is found out
   * @param millis how long it takes
   * @param fate what becomes of its process
   */
  record Task(int number, int millis, Fate fate) {}

  enum Fate {
    /** It lives on. */
    NONE,
    /** Somebody else must end it, or the first run never ends. */
    AWAITED,
    /** The job ends it, in each run. */
    SUICIDE
  }

  static final JobType<Task> TYPE = JobType.of("task", Task.class);
  static final int SLOTS = 16;

  private ChaosNode() {}

  /**
   * @param timeToLive null for the default heartbeat
   */
  static ChildJvm start(String url, String name, Duration timeToLive) throws IOException {
    return timeToLive == null
        ? ChildJvm.start(ChaosNode.class, url, name)
        : ChildJvm.start(ChaosNode.class, url, name, timeToLive.toString());
  }

  public static void main(String[] args) {
    endWithParent();
    String name = args[1];
    HikariDataSource pool = pool(args[0], name);
    Builder builder =
        NeuralBridge.builder()
            .store(JdbcBackend.of(pool, JdbcBackend.Migration.NONE).queue())
            .queue(TYPE.queue(), SLOTS)
            .worker(new Recording(new Ledger(pool), name))
            .nodeName(name)
            .listener(ChaosNode::report);
    if (args.length > 2) {
      Duration timeToLive = Duration.parse(args[2]);
      builder.heartbeat(timeToLive.dividedBy(8), timeToLive);
    }
    builder.build().start();
    ChildJvm.say("ready");
  }

  /** Pooled as a host would: what hangs is given up after seconds. */
  static HikariDataSource pool(String url, String name) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.addDataSourceProperty("ApplicationName", name);
    config.setMaximumPoolSize(10);
    config.setConnectionTimeout(2_000);
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(30_000);
    config.addDataSourceProperty("connectTimeout", 2);
    config.addDataSourceProperty("socketTimeout", 10);
    config.addDataSourceProperty("tcpKeepAlive", true);
    return new HikariDataSource(config);
  }

  // A test that is killed leaves no node behind.
  static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.readAllBytes();
              } catch (IOException e) {
                // The pipe is gone, and with it the parent.
              }
              Runtime.getRuntime().halt(1);
            });
    watch.setDaemon(true);
    watch.start();
  }

  private static void report(JobEvent event) {
    if (event instanceof JobEvent.Settled settled && settled.state().isFinal()) {
      ChildJvm.say("ended " + event.job().id());
    } else if (event instanceof JobEvent.Refused) {
      ChildJvm.say("refused " + event.job().id());
    }
  }

  private record Recording(Ledger ledger, String node) implements Worker<Task> {
    @Override
    public JobType<Task> type() {
      return TYPE;
    }

    @Override
    public Outcome work(JobContext<Task> context) throws InterruptedException {
      UUID run = UUID.randomUUID();
      long job = context.job().id();
      ledger.begin(run, job, node);
      if (context.args().fate() == Fate.SUICIDE) {
        Runtime.getRuntime().halt(9);
      } else if (context.args().fate() == Fate.AWAITED && context.job().crashes() == 0) {
        new CountDownLatch(1).await();
      }
      TimeUnit.MILLISECONDS.sleep(context.args().millis());
      ledger.end(run, job, node);
      return Outcome.completed(run.toString());
    }
  }
}

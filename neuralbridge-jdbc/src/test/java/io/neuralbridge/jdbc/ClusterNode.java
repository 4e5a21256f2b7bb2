package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A node whose one job never ends by itself, for a JVM of its own. */
final class ClusterNode {

  static final Duration BEAT = Duration.ofMillis(200);
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);

  private ClusterNode() {}

  static ChildJvm start(HikariDataSource dataSource) throws IOException {
    String schema = dataSource.getDataSourceProperties().getProperty("currentSchema");
    return ChildJvm.start(ClusterNode.class, dataSource.getJdbcUrl(), schema);
  }

  public static void main(String[] args) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(args[0]);
    config.addDataSourceProperty("currentSchema", args[1]);
    NeuralBridge.builder()
        .store(JdbcBackend.of(new HikariDataSource(config)).queue())
        .worker(new Endless())
        .heartbeat(BEAT, TIME_TO_LIVE)
        .shutdownGrace(Duration.ofMillis(100))
        .listener(ClusterNode::report)
        .build()
        .start();
  }

  private static void report(JobEvent event) {
    if (event instanceof JobEvent.Started) {
      ChildJvm.say("started " + event.job().id());
    } else if (event instanceof JobEvent.Refused) {
      ChildJvm.say("refused " + event.job().id());
    }
  }

  private static final class Endless implements Worker<String> {
    @Override
    public JobType<String> type() {
      return Jobs.TYPE;
    }

    @Override
    public Outcome work(JobContext<String> context) throws InterruptedException {
      new CountDownLatch(1).await();
      return Outcome.completed("never");
    }
  }
}

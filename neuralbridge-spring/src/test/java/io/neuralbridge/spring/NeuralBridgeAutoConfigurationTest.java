package io.neuralbridge.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.event.JobListener;
import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.TraceContext;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.JobInterceptor;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class NeuralBridgeAutoConfigurationTest {

  private static final JobType<String> CHUNKED = JobType.of("chunked", String.class);
  private static final JobType<String> GREET = JobType.of("greet", String.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(NeuralBridgeAutoConfiguration.class));

  @Test
  void aWorkerBeanRunsItsJobsInMemoryWithoutADataSource() {
    runner
        .withUserConfiguration(Greeting.class)
        .run(
            context -> {
              assertThat(context.getBean(Queue.class)).isInstanceOf(InMemoryQueue.class);
              assertThat(runOne(context).state()).isEqualTo(JobState.COMPLETED);
            });
  }

  @Test
  void aChunkWorkerBeanRunsItsJobsTogether() {
    runner
        .withUserConfiguration(Chunks.class)
        .run(
            context -> {
              List<Job> jobs =
                  context
                      .getBean(NeuralBridge.class)
                      .enqueueAll(Stream.of("a", "b").map(CHUNKED::request).toList());
              for (Job job : jobs) {
                JobEvent.Settled settled = context.getBean(Settled.class).await(job);
                assertThat(settled.outcome()).isEqualTo(Outcome.completed(2));
              }
            });
  }

  @Test
  void theDataSourceKeepsJobsAndKnowledge() {
    runner
        .withUserConfiguration(Greeting.class, WithH2.class)
        .run(
            context -> {
              assertThat(context.getBean(Queue.class)).isNotInstanceOf(InMemoryQueue.class);
              assertThat(runOne(context).state()).isEqualTo(JobState.COMPLETED);

              KnowledgeBase knowledge = context.getBean(KnowledgeBase.class);
              knowledge.ingest("Tokens expire after an hour.", "jwt.md");
              Job job = context.getBean(EmbedJob.class).enqueueDocumentBatch("jwt.md");
              assertThat(context.getBean(Settled.class).await(job).state())
                  .isEqualTo(JobState.COMPLETED);
              assertThat(knowledge.search("When do tokens expire?", 1)).hasSize(1);
            });
  }

  @Test
  void aNodeThatIsNotEnabledOnlyEnqueues() {
    runner
        .withUserConfiguration(Greeting.class)
        .withPropertyValues("neuralbridge.enabled=false")
        .run(
            context -> {
              Job job = context.getBean(JobClient.class).enqueue(GREET.request("you"));
              assertThat(context.getBean(NeuralBridgeLifecycle.class).isRunning()).isFalse();
              assertThat(context.getBean(JobClient.class).find(job.id()).orElseThrow().state())
                  .isEqualTo(JobState.AVAILABLE);
            });
  }

  @Test
  void beansOfTheApplicationWin() {
    InMemoryQueue own = new InMemoryQueue();
    runner
        .withBean(Queue.class, () -> own)
        .withUserConfiguration(WithH2.class)
        .run(context -> assertThat(context.getBean(Queue.class)).isSameAs(own));
  }

  @Test
  void aWrongPropertyStopsTheApplicationAndSaysWhy() {
    runner
        .withPropertyValues("neuralbridge.queues.embeddings=0")
        .run(
            context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("1 to 10,000"));
  }

  @Test
  void closingTheContextStopsTheBridge() {
    runner.run(
        context -> {
          NeuralBridgeLifecycle lifecycle = context.getBean(NeuralBridgeLifecycle.class);
          assertThat(lifecycle.isRunning()).isTrue();
          context.getSourceApplicationContext().close();
          assertThat(lifecycle.isRunning()).isFalse();
        });
  }

  @Test
  void interceptorBeansStandAroundRunsInTheirOrder() {
    runner
        .withUserConfiguration(Greeting.class, Intercepted.class)
        .run(
            context -> {
              Job job = runOne(context).job();

              Job done = context.getBean(JobClient.class).find(job.id()).orElseThrow();
              assertThat(done.result(String.class)).isEqualTo("outer(inner(Hello you))");
            });
  }

  @Test
  void aKeyringBeanEncryptsAndATraceSourceBeanIsAsked() {
    TraceContext trace = TraceContext.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    runner
        .withUserConfiguration(Greeting.class)
        .withBean(Keyring.class, () -> Keyring.of("k1", new byte[32]))
        .withBean(TraceContext.Source.class, () -> () -> Optional.of(trace))
        .run(
            context -> {
              NeuralBridge bridge = context.getBean(NeuralBridge.class);

              Job job = bridge.enqueue(GREET.withEncryptedArgs().request("you"));

              assertThat(context.getBean(Settled.class).await(job).state())
                  .isEqualTo(JobState.COMPLETED);
              assertThat(job.spec().args()).contains("k1").doesNotContain("you");
              assertThat(CarriedContext.of(job.spec()).trace()).isEqualTo(trace);
            });
  }

  private static JobEvent.Settled runOne(ApplicationContext context) throws InterruptedException {
    Job job = context.getBean(NeuralBridge.class).enqueue(GREET.request("you"));
    return context.getBean(Settled.class).await(job);
  }

  static final class Settled implements JobListener {
    private final BlockingQueue<JobEvent.Settled> events = new LinkedBlockingQueue<>();

    @Override
    public void onEvent(JobEvent event) {
      if (event instanceof JobEvent.Settled settled) {
        events.add(settled);
      }
    }

    JobEvent.Settled await(Job job) throws InterruptedException {
      JobEvent.Settled event = events.poll(20, TimeUnit.SECONDS);
      assertThat(event).isNotNull();
      assertThat(event.job().id()).isEqualTo(job.id());
      return event;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Greeting {
    @Bean
    Settled settled() {
      return new Settled();
    }

    @Bean
    Worker<String> greeter() {
      return new Worker<>() {
        @Override
        public JobType<String> type() {
          return GREET;
        }

        @Override
        public Outcome work(JobContext<String> context) {
          return Outcome.completed("Hello " + context.args());
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Intercepted {
    @Bean
    @Order(2)
    JobInterceptor inner() {
      return wrappingIn("inner");
    }

    @Bean
    @Order(1)
    JobInterceptor outer() {
      return wrappingIn("outer");
    }

    private static JobInterceptor wrappingIn(String name) {
      return (context, work) ->
          work.proceed() instanceof Outcome.Completed done
              ? Outcome.completed("%s(%s)".formatted(name, done.result()))
              : Outcome.cancelled("not completed");
    }
  }

  @Configuration
  static class Chunks {
    @Bean
    Settled settled() {
      return new Settled();
    }

    @Bean
    ChunkWorker<String> chunks() {
      return new ChunkWorker<>() {
        @Override
        public JobType<String> type() {
          return CHUNKED;
        }

        @Override
        public ChunkLimits chunkLimits() {
          return new ChunkLimits(2, Duration.ofMinutes(1));
        }

        @Override
        public Map<Long, Outcome> workAll(List<JobContext<String>> contexts) {
          Map<Long, Outcome> outcomes = new HashMap<>();
          contexts.forEach(c -> outcomes.put(c.job().id(), Outcome.completed(contexts.size())));
          return outcomes;
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WithH2 {
    @Bean
    DataSource dataSource() {
      JdbcDataSource dataSource = new JdbcDataSource();
      dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
      return dataSource;
    }
  }
}
